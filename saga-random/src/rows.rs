//! The table that steps write rows of, as DynamoDB has it.

use saga_local::dynamodb::{Dynamodb, Error, KeyAttribute, KeySchema, KeyType, Table};
use serde_json::{Value, json};

use crate::order::Key;
use crate::task::{ITEM, STEP, TABLE};

/// The rows.
#[derive(Debug)]
pub struct Rows {
    dynamodb: Dynamodb,
    /// The keys of rows that nobody here has put.
    foreign: Vec<Value>,
}

impl Default for Rows {
    fn default() -> Self {
        let key = |name: &str| KeyAttribute {
            name: name.into(),
            kind: KeyType::String,
        };
        let mut dynamodb = Dynamodb::default();
        dynamodb.create(
            TABLE,
            Table::new(
                KeySchema {
                    partition: key(STEP),
                    sort: Some(key(ITEM)),
                },
                Vec::new(),
            ),
        );
        Self {
            dynamodb,
            foreign: Vec::new(),
        }
    }
}

impl Rows {
    /// Performs a request of a state: `putItem`.
    ///
    /// # Errors
    /// The service's.
    pub fn perform(&mut self, action: &str, arguments: &Value) -> Result<Value, Error> {
        let mut letters = action.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        let action: String = first.into_iter().chain(letters).collect();
        let mut request = arguments.clone();
        if let Value::Object(fields) = &mut request {
            fields.insert("TableName".into(), TABLE.into());
        }
        self.dynamodb.perform(&action, &request)
    }

    /// Puts a row of somebody else's where a put is to come, if there is none yet.
    pub fn occupy(&mut self, item: &Value) -> bool {
        let key = key_of(item);
        if self.find(&key).is_some() {
            return false;
        }
        let mut row = key.clone();
        if let Value::Object(fields) = &mut row {
            fields.insert("owner".into(), json!({ "S": "somebody" }));
        }
        self.foreign.push(key);
        let put = self.perform("putItem", &json!({ "Item": row }));
        put.is_ok()
    }

    /// Removes the rows of others.
    ///
    /// # Errors
    /// One of them was changed.
    pub fn clear(&mut self) -> Result<(), String> {
        for key in std::mem::take(&mut self.foreign) {
            let row = self.find(&key).unwrap_or_default();
            if row.as_object().map(serde_json::Map::len) != Some(3) {
                return Err(format!("a row of somebody else's became {row}"));
            }
            let deleted = self.perform("deleteItem", &json!({ "Key": key }));
            deleted.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Whether the row of a step is one that its saga has put, and not undone.
    pub fn is_done(&mut self, step: &str, item: &str) -> bool {
        let key = json!({ STEP: { "S": step }, ITEM: { "S": item } });
        self.find(&key)
            .is_some_and(|row| row.get("saga_id").is_some() && row.get("saga_undone").is_none())
    }

    fn find(&mut self, key: &Value) -> Option<Value> {
        let found = self.perform("getItem", &json!({ "Key": key })).ok()?;
        found.get("Item").cloned()
    }
}

/// What a row of a step, and of an item, is found by.
fn key_of(item: &Value) -> Value {
    json!({ STEP: item.get(STEP), ITEM: item.get(ITEM) })
}

/// The text by which a row tells items apart: `1.0`; `-` outside of maps.
#[must_use]
pub fn item_of(key: &Key) -> String {
    let indexes: Vec<_> = key.items().iter().map(usize::to_string).collect();
    match indexes.is_empty() {
        true => "-".into(),
        false => indexes.join("."),
    }
}
