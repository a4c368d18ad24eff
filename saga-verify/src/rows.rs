//! Items whose isolation is stated, as they really are: what is sent is what writes them, under its own conditions.
//! And the other saga that is about the same items.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use saga_asl::data::Data;
use saga_dynamodb::value::item_to_json;
use saga_dynamodb::{Dynamodb, Error, Item, Table};
use saga_fence::mark::SAGA_AT;
use saga_manifest::resource::Isolation;
use serde_json::{Value, json};

use crate::identity::EXECUTION;
use crate::model::IsolatedItem;

/// The other saga's execution.
const OTHER: &str = "arn:aws:states:us-east-1:123456789012:execution:StateMachine:another";

/// The items that were met, and their tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    store: Dynamodb,
    rows: Vec<Row>,
}

/// An item.
#[derive(Clone, Debug)]
struct Row {
    /// The table, as requests call it.
    table: String,
    key: Value,
    item: Arc<IsolatedItem>,
    /// How often the saga has read it, up to two.
    reads: u8,
    /// Another saga has changed it since it was read.
    changed: bool,
    /// How a saga takes its lock, under this one's name.
    take: Option<Arc<Request>>,
}

/// A call of such an item.
#[derive(Debug)]
pub(crate) struct Request {
    /// The item, by its position.
    pub(crate) row: usize,
    action: &'static str,
    body: Value,
}

impl Request {
    /// Whether it changes the item.
    pub(crate) fn writes(&self) -> bool {
        self.action != "GetItem"
    }

    /// When it was sent, as it says.
    fn sent(&self) -> Option<u64> {
        let values = self.body.get("ExpressionAttributeValues")?;
        values
            .get(format!(":{SAGA_AT}"))?
            .get("N")?
            .as_str()?
            .parse()
            .ok()
    }
}

/// What came of a write.
pub(crate) enum Wrote {
    /// It is written; what stood in its way, and did not keep it off.
    Done(Option<Overlooked>),
    /// It is refused: the error as a state machine sees it.
    Refused(String),
}

/// What a write should have been refused for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overlooked {
    /// Another saga holds the lock.
    Lock,
    /// Another saga has changed the item since it was read.
    Change,
}

impl Rows {
    /// A call of an item, which is made where it was not met before.
    pub(crate) fn request(
        &mut self,
        item: &Arc<IsolatedItem>,
        resource: &str,
        arguments: &Data,
    ) -> Option<Arc<Request>> {
        let action = match resource.rsplit(':').next()? {
            "getItem" => "GetItem",
            "updateItem" => "UpdateItem",
            "putItem" => "PutItem",
            "deleteItem" => "DeleteItem",
            _ => return None,
        };
        let body = serde_json::to_value(arguments).ok()?;
        let table = body.get("TableName")?.as_str()?.to_owned();
        let key = match body.get("Key") {
            Some(key) => key.clone(),
            None => self.key_of(item, body.get("Item")?),
        };
        let row = self.row(item, table, key);
        let request = Arc::new(Request { row, action, body });
        if item.takes_lock
            && let Some(row) = self.rows.get_mut(row)
        {
            row.take.get_or_insert_with(|| Arc::clone(&request));
        }
        Some(request)
    }

    fn key_of(&self, item: &IsolatedItem, of: &Value) -> Value {
        let keys = [Some(&item.key.partition), item.key.sort.as_ref()];
        let keys = keys.into_iter().flatten();
        let values = keys.filter_map(|key| Some((key.name.clone(), of.get(&key.name)?.clone())));
        Value::Object(values.collect())
    }

    /// The position of an item.
    fn row(&mut self, item: &Arc<IsolatedItem>, table: String, key: Value) -> usize {
        let mut rows = self.rows.iter();
        let known = rows.position(|row| row.table == table && row.key == key);
        known.unwrap_or_else(|| {
            if self.store.table(&table).is_none() {
                let empty = Table::new(item.key.clone(), Vec::new());
                self.store.create(&table, empty);
            }
            let row = Row {
                table,
                key,
                item: Arc::clone(item),
                reads: 0,
                changed: false,
                take: None,
            };
            put_as_it_was(&mut self.store, &row);
            self.rows.push(row);
            self.rows.len() - 1
        })
    }

    /// What a read answers.
    pub(crate) fn read(&mut self, request: &Request) -> Data {
        let answer = self.store.perform(request.action, &request.body);
        if let Some(row) = self.rows.get_mut(request.row) {
            row.reads = (row.reads + 1).min(2);
            // Who reads a version reads also what others have made of it.
            row.changed &= row.item.isolation == Isolation::Reread;
        }
        let answer = answer.unwrap_or_default();
        serde_json::from_value(answer).unwrap_or_default()
    }

    /// Lets a write come to the item.
    pub(crate) fn write(&mut self, request: &Request) -> Wrote {
        let overlooked = self.in_the_way(request.row);
        match self.store.perform(request.action, &request.body) {
            Ok(_) => Wrote::Done(overlooked),
            Err(Error::ConditionalCheckFailed { .. }) => {
                Wrote::Refused("DynamoDB.ConditionalCheckFailedException".to_owned())
            }
            Err(_) => Wrote::Refused("DynamoDB.AmazonDynamoDBException".to_owned()),
        }
    }

    fn in_the_way(&self, index: usize) -> Option<Overlooked> {
        let row = self.rows.get(index)?;
        match row.item.isolation {
            Isolation::Lock(_) => {
                let others = self.holder(row).is_some_and(|holder| !is_own(&holder));
                others.then_some(Overlooked::Lock)
            }
            Isolation::Version(_) => row.changed.then_some(Overlooked::Change),
            _ => None,
        }
    }

    /// What the item's table is called.
    pub(crate) fn table(&self, index: usize) -> &str {
        self.rows.get(index).map_or("", |row| &row.item.table)
    }

    /// Who holds the item's lock.
    fn holder(&self, row: &Row) -> Option<String> {
        let Isolation::Lock(field) = &row.item.isolation else {
            return None;
        };
        let holder = self.item(row)?.get(field)?.to_json();
        Some(holder.get("S")?.as_str()?.to_owned())
    }

    fn item(&self, row: &Row) -> Option<&Item> {
        let table = self.store.table(&row.table)?;
        let stated = saga_dynamodb::value::item_from_json(&row.key).ok()?;
        table.get(&table.exact_key(&stated).ok()?)
    }

    /// The steps that hold a lock for this saga, each with the item's table.
    pub(crate) fn held(&self) -> impl Iterator<Item = (String, &str)> {
        self.rows.iter().filter_map(|row| {
            let holder = self.holder(row)?;
            let step = holder.strip_prefix(EXECUTION)?.strip_prefix('/')?;
            Some((step.to_owned(), row.item.table.as_str()))
        })
    }

    /// The tables of what was read, is to be read again, and was changed by another saga.
    pub(crate) fn stale(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter();
        let stale = rows.filter(|row| row.item.isolation == Isolation::Reread && row.changed);
        stale.map(|row| row.item.table.as_str())
    }

    /// The items that were read once, and are to be read again.
    pub(crate) fn unrepeated(&self) -> impl Iterator<Item = usize> {
        let rows = self.rows.iter().enumerate();
        let once =
            rows.filter(|(_, row)| row.item.isolation == Isolation::Reread && row.reads == 1);
        once.map(|(index, _)| index)
    }

    /// Whether it can matter that another saga comes to the item now, and what it does there, in words.
    pub(crate) fn interference(&self, index: usize) -> Option<String> {
        let row = self.rows.get(index)?;
        let table = &row.item.table;
        match row.item.isolation {
            Isolation::Lock(_) if row.take.is_some() => Some(format!(
                "another saga asks for the lock of the item of `{table}`"
            )),
            Isolation::Version(_) if row.reads > 0 && !row.changed => {
                Some(format!("another saga changes the item of `{table}`"))
            }
            Isolation::Reread if row.reads == 1 && !row.changed => {
                Some(format!("another saga changes the item of `{table}`"))
            }
            _ => None,
        }
    }

    /// Lets another saga come to the item: it takes the lock, as this one does, or changes it. Whether it has got a
    /// lock that this one holds.
    pub(crate) fn interfere(&mut self, index: usize) -> bool {
        let Some(row) = self.rows.get(index).cloned() else {
            return false;
        };
        let request = match &row.item.isolation {
            Isolation::Lock(_) => row.take.as_ref().map(|take| {
                let text = take.body.to_string().replace(EXECUTION, OTHER);
                (take.action, serde_json::from_str(&text).unwrap_or_default())
            }),
            Isolation::Version(field) => Some(("UpdateItem", later(&row, field))),
            _ => self.other_values(&row),
        };
        let own = self.holder(&row).is_some_and(|holder| is_own(&holder));
        let Some((action, body)) = request else {
            return false;
        };
        let written = self.store.perform(action, &body).is_ok();
        let locks = matches!(row.item.isolation, Isolation::Lock(_));
        if let Some(row) = self.rows.get_mut(index) {
            row.changed |= written && !locks;
        }
        written && locks && own
    }

    /// An operator sees to what nobody but them can tell apart: an item that another saga has changed gets the version
    /// that was read.
    pub(crate) fn repair(&mut self) {
        for row in &mut self.rows {
            let versioned = matches!(row.item.isolation, Isolation::Version(_));
            if versioned && std::mem::take(&mut row.changed) {
                put_as_it_was(&mut self.store, row);
            }
        }
    }

    /// A write of other values than the item has.
    fn other_values(&self, row: &Row) -> Option<(&'static str, Value)> {
        let mut item = item_to_json(self.item(row)?);
        let keys = row.key.as_object()?;
        let attributes = item.as_object_mut()?.iter_mut();
        for (_, value) in attributes.filter(|(name, _)| !keys.contains_key(*name)) {
            *value = match value.as_object()?.iter().next()? {
                (kind, Value::String(_)) if kind == "N" => json!({ "N": "2" }),
                (kind, Value::String(text)) => json!({ kind: format!("{text} of another") }),
                (kind, Value::Bool(flag)) if kind == "BOOL" => json!({ "BOOL": !flag }),
                (kind, value) => json!({ kind: value }),
            };
        }
        Some(("PutItem", json!({ "TableName": row.table, "Item": item })))
    }

    /// What decides on how a request that is still on its way will be taken: beside the items themselves.
    pub(crate) fn comes_too_late(&self, request: &Request) -> bool {
        let row = self.rows.get(request.row);
        let at = row.and_then(|row| self.item(row)?.get(SAGA_AT).map(|at| at.to_json()));
        let at = at.and_then(|at| at.get("N")?.as_str()?.parse::<u64>().ok());
        at.zip(request.sent()).is_some_and(|(at, sent)| at > sent)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Puts an item as it is when everything begins. One that cannot be put is not there: its conditions then fail.
fn put_as_it_was(store: &mut Dynamodb, row: &Row) {
    if let (Some(Value::Object(initial)), Value::Object(key)) = (&row.item.initial, &row.key) {
        let mut whole = initial.clone();
        whole.extend(key.clone());
        let put = json!({ "TableName": row.table, "Item": whole });
        let _ = store.perform("PutItem", &put);
    }
}

/// A change that raises the item's version.
fn later(row: &Row, field: &str) -> Value {
    json!({
        "TableName": row.table,
        "Key": row.key,
        "UpdateExpression": "SET #version = #version + :one, saga_mark = :other",
        "ExpressionAttributeNames": { "#version": field },
        "ExpressionAttributeValues": { ":one": { "N": "1" }, ":other": { "S": OTHER } },
    })
}

fn is_own(holder: &str) -> bool {
    holder
        .strip_prefix(EXECUTION)
        .is_some_and(|step| step.starts_with('/'))
}

/// What decides on what comes of later requests: of the instant in an item only how it compares.
impl Hash for Rows {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for row in &self.rows {
            (row.reads, row.changed).hash(state);
            let Some(item) = self.item(row) else {
                state.write_u8(0);
                continue;
            };
            for (name, value) in item {
                name.hash(state);
                if name != SAGA_AT {
                    value.to_json().to_string().hash(state);
                }
            }
        }
        self.rows.len().hash(state);
    }
}
