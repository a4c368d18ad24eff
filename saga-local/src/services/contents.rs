//! What tables and queues hold, as plain JSON: for a terminal, for machines, for assertions.

use std::collections::BTreeMap;

use saga_fence::table::NAME as FENCES;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::State;
#[cfg(feature = "aws")]
use crate::dynamodb::value::item_from_json;
use crate::dynamodb::{AttributeValue, Item};
use crate::messaging::Message;

/// What the services hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Contents {
    /// The rows of each table, in the order of their keys, attributes as plain JSON.
    pub tables: BTreeMap<String, Vec<Value>>,
    /// The messages in each queue, the oldest first.
    pub queues: BTreeMap<String, Vec<QueuedMessage>>,
}

/// A message in a queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueuedMessage {
    /// Its body: as JSON where it is some, else as text.
    pub body: Value,
    /// Its attributes' values.
    pub attributes: BTreeMap<String, String>,
}

pub(super) fn of(state: &State) -> Contents {
    let tables = state.dynamodb.tables();
    let queues = state.messaging.queues.iter();
    Contents {
        // What sagas remember of themselves is nothing that they wrote.
        tables: tables
            .filter(|(name, _)| *name != FENCES)
            .map(|(name, table)| (name.into(), table.items().map(row).collect()))
            .collect(),
        queues: queues
            .map(|(name, queue)| (name.clone(), queue.messages().map(message).collect()))
            .collect(),
    }
}

/// The rows of a table.
pub(super) fn rows(state: &State, name: &str) -> Vec<Value> {
    let tables = state.dynamodb.tables();
    let found = tables.filter(|(known, _)| *known == name);
    found
        .flat_map(|(_, table)| table.items().map(row))
        .collect()
}

/// An item in DynamoDB's JSON as plain JSON; null for what is none.
#[cfg(feature = "aws")]
pub(crate) fn plain_item(json: &Value) -> Value {
    item_from_json(json)
        .map(|item| row(&item))
        .unwrap_or_default()
}

/// An object of plain JSON as an item in DynamoDB's JSON, without what is null.
pub(super) fn item(object: &Map<String, Value>) -> Value {
    let fields = object.iter().filter(|(_, value)| !value.is_null());
    fields
        .map(|(name, value)| (name.clone(), typed(value)))
        .collect::<Map<_, _>>()
        .into()
}

fn typed(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(value) => json!({ "BOOL": value }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::String(text) => json!({ "S": text }),
        Value::Array(items) => json!({ "L": items.iter().map(typed).collect::<Vec<_>>() }),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| (name.clone(), typed(value)));
            json!({ "M": fields.collect::<Map<_, _>>() })
        }
    }
}

fn row(item: &Item) -> Value {
    item.iter()
        .map(|(name, value)| (name.clone(), plain(value)))
        .collect::<Map<_, _>>()
        .into()
}

fn plain(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::String(text) | AttributeValue::Binary(text) => text.clone().into(),
        AttributeValue::Number(number) => number_value(&number.to_string()),
        AttributeValue::Bool(value) => (*value).into(),
        AttributeValue::Null => Value::Null,
        AttributeValue::Strings(set) | AttributeValue::Binaries(set) => {
            set.iter().cloned().collect()
        }
        AttributeValue::Numbers(set) => set
            .iter()
            .map(|number| number_value(&number.to_string()))
            .collect(),
        AttributeValue::List(values) => values.iter().map(plain).collect(),
        AttributeValue::Map(fields) => row(fields),
    }
}

/// A number as JSON has it; one with more digits than a double keeps is shown as its text.
fn number_value(text: &str) -> Value {
    let exact = text.parse::<i64>().map(Value::from).ok();
    let double = || {
        text.parse::<f64>()
            .ok()
            .filter(|double| double.to_string() == text)
            .map(Value::from)
    };
    exact.or_else(double).unwrap_or_else(|| text.into())
}

fn message(message: &Message) -> QueuedMessage {
    let attributes = message.attributes.iter();
    QueuedMessage {
        body: serde_json::from_str(&message.body).unwrap_or_else(|_| message.body.clone().into()),
        attributes: attributes
            .map(|(name, attribute)| (name.clone(), attribute.value.clone()))
            .collect(),
    }
}
