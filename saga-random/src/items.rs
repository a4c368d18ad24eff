//! Items whose table says how sagas are kept apart, as DynamoDB has them, and the other saga that is about the same
//! ones.

mod others;
mod settled;

use std::collections::BTreeMap;

use saga_local::dynamodb::{Dynamodb, Error, KeyAttribute, KeySchema, KeyType, Table};
use saga_manifest::step::Call;
use saga_manifest::task::{Direction, Task};
use serde_json::{Value, json};

use crate::guarantee::Broken;
use crate::order::{Key, Steps};
use crate::task::isolated::{HOLDER, LOCKS, PRICES, SUM, SUMS, VALUE, VERSION, VERSIONS};
use crate::task::{ITEM, STEP};
use crate::work::Work;

/// What a number is before anybody has changed it, where it is there.
const INITIAL: i64 = 10;

/// What an item says that nobody has written yet.
const OLD: &str = "old";

/// The items that were met.
#[derive(Debug)]
pub struct Items {
    store: Dynamodb,
    rows: BTreeMap<(&'static str, String), Row>,
    /// Which item a step instance is about.
    places: BTreeMap<Key, (&'static str, String)>,
    /// The latest time, in milliseconds, that a request was sent at.
    sent: u64,
    /// Changes by others, each of another value.
    changes: u64,
}

/// An item.
#[derive(Debug, Default)]
struct Row {
    key: Value,
    /// Who holds its lock where this saga does.
    holder: String,
    /// How this saga takes its lock.
    take: Option<Value>,
    /// Another saga has changed it since this one has read it.
    changed: bool,
    /// It was changed, and the saga has read that, and goes on.
    stale: bool,
    /// How often it was read for the try that goes on.
    reads: u8,
    /// Others have changed it.
    touched: bool,
    /// What others have added to its number.
    added: i64,
    /// The version and the mark that an operator gives it: those that an undo leaves, or that a step after the pivot
    /// has read.
    repaired: Option<[Value; 2]>,
    /// The step instances around those that are about it.
    base: String,
}

/// The table of a request, if it is one of these.
pub(crate) fn table(arguments: &Value) -> Option<&'static str> {
    let name = arguments.get("TableName")?.as_str()?;
    let mut tables = [LOCKS, SUMS, VERSIONS, PRICES].into_iter();
    tables.find(|table| name.contains(table))
}

/// The text that tells an item of a table.
fn text_of(key: &Value) -> String {
    let part = |name: &str| key.get(name).and_then(|value| value.get("S")?.as_str());
    [STEP, ITEM]
        .map(|name| part(name).unwrap_or_default())
        .join("/")
}

impl Default for Items {
    fn default() -> Self {
        let key = |name: &str| KeyAttribute {
            name: name.into(),
            kind: KeyType::String,
        };
        let mut store = Dynamodb::default();
        for table in [LOCKS, SUMS, VERSIONS, PRICES] {
            let schema = KeySchema {
                partition: key(STEP),
                sort: Some(key(ITEM)),
            };
            store.create(table, Table::new(schema, Vec::new()));
        }
        Self {
            store,
            rows: BTreeMap::new(),
            places: BTreeMap::new(),
            sent: 0,
            changes: 0,
        }
    }
}

impl Items {
    /// Notes a request that is about an item, before anything comes of it.
    pub(crate) fn meet(&mut self, work: &Work, steps: &Steps<'_>, call: &Call, arguments: &Value) {
        let Work { key, undo, .. } = work;
        let Some(at) = self.place(arguments, creates(call)) else {
            return;
        };
        self.places.insert(key.clone(), at.clone());
        let Some(row) = self.rows.get_mut(&at) else {
            return;
        };
        key.base().clone_into(&mut row.base);
        let values = arguments.get("ExpressionAttributeValues");
        let value = |name: &str| values.and_then(|values| values.get(name)).cloned();
        if let Some(holder) = value(":holder") {
            holder
                .get("S")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .clone_into(&mut row.holder);
        }
        if matches!(call.task, Task::DynamodbLock { .. }) && row.take.is_none() {
            row.take = Some(arguments.clone());
        }
        let repaired = match (undo, steps.is_compensatable(key)) {
            (true, _) => value(":version_undone").zip(value(":saga_undo")),
            (false, false) => {
                value(":version").map(|version| (version, json!({ "S": "operator" })))
            }
            (false, true) => None,
        };
        if let (VERSIONS, Some((version, mark))) = (at.0, repaired) {
            row.repaired = Some([version, mark]);
        }
        let sent = value(":saga_at").and_then(|at| at.get("N")?.as_str()?.parse().ok());
        self.sent = self.sent.max(sent.unwrap_or_default());
    }

    /// The item of a request, which is made as it was before anything happened.
    fn place(&mut self, arguments: &Value, creates: bool) -> Option<(&'static str, String)> {
        let table = table(arguments)?;
        let key = arguments.get("Key")?.clone();
        let at = (table, text_of(&key));
        if !self.rows.contains_key(&at) {
            if !creates {
                self.put_as_it_was(table, &key);
            }
            let row = Row {
                key,
                ..Row::default()
            };
            self.rows.insert(at.clone(), row);
        }
        Some(at)
    }

    fn put_as_it_was(&mut self, table: &str, key: &Value) {
        let mut item = key.clone();
        if let Value::Object(item) = &mut item {
            match table {
                SUMS => item.insert(SUM.into(), json!({ "N": INITIAL.to_string() })),
                LOCKS => None,
                _ => item.insert(VALUE.into(), json!({ "S": OLD })),
            };
            if [VERSIONS, PRICES].contains(&table) {
                item.insert(VERSION.into(), json!({ "N": "1" }));
            }
        }
        let put = json!({ "TableName": table, "Item": item });
        let _ = self.store.perform("PutItem", &put);
    }

    /// Performs a request of a state, `getItem` or `updateItem`. `told` says whether the saga learns what comes of it.
    ///
    /// # Errors
    /// The service's; and what it should have been refused for.
    pub(crate) fn perform(
        &mut self,
        call: Option<&Call>,
        action: &str,
        arguments: &Value,
        told: bool,
    ) -> Result<Result<Value, Error>, Broken> {
        let Some(at) = self.place(arguments, call.is_some_and(creates)) else {
            return Err(format!("it names no item: {arguments}"));
        };
        let before = self.holder(&at);
        let mut request = arguments.clone();
        if let Value::Object(request) = &mut request {
            request.insert("TableName".into(), at.0.into());
        }
        let reads = action == "getItem";
        let action = if reads { "GetItem" } else { "UpdateItem" };
        let answer = self.store.perform(action, &request);
        let Some(row) = self.rows.get_mut(&at) else {
            return Ok(answer);
        };
        if reads {
            let again = call
                .is_some_and(|call| matches!(call.task, Task::DynamodbGet { again: Some(_), .. }));
            match again {
                true if told => {
                    row.stale |= row.changed;
                    row.reads = 2;
                }
                true => {}
                false => (row.changed, row.stale, row.reads) = (false, false, 1),
            }
        } else if answer.is_ok() && at.0 == VERSIONS && row.changed {
            return Err(format!("another saga's change of {at:?} is overwritten"));
        } else if answer.is_ok() && before.is_some_and(|before| before != row.holder) {
            return Err(format!(
                "{at:?} is changed, and another saga holds its lock"
            ));
        }
        Ok(answer)
    }

    /// Who holds the lock of an item.
    fn holder(&mut self, at: &(&'static str, String)) -> Option<String> {
        let holder = self.attribute(at, HOLDER)?;
        Some(holder.get("S")?.as_str()?.to_owned())
    }

    fn attribute(&mut self, at: &(&'static str, String), name: &str) -> Option<Value> {
        let key = self.rows.get(at)?.key.clone();
        let get = json!({ "TableName": at.0, "Key": key });
        let found = self.store.perform("GetItem", &get).ok()?;
        found.get("Item")?.get(name).cloned()
    }
}

fn creates(call: &Call) -> bool {
    matches!(
        call.task,
        Task::DynamodbLock { creates: true, .. }
            | Task::DynamodbRelease { creates: true, .. }
            | Task::DynamodbAdd { creates: true, .. }
    )
}

/// What a call changes a number by.
fn change(call: &Call) -> Option<i64> {
    let Task::DynamodbAdd {
        direction, amount, ..
    } = &call.task
    else {
        return None;
    };
    let saga_manifest::expr::Expr::Literal(amount) = amount else {
        return None;
    };
    let amount = amount.as_i64()?;
    Some(match direction {
        Direction::Add => amount,
        Direction::Subtract => -amount,
    })
}
