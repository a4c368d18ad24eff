//! Records as items of DynamoDB, beside the fences of their saga.

use saga_fence::Key;
use saga_fence::table::{EXPIRES, PARTITION_KEY, SORT_KEY};
use serde_json::{Map, Value, json};

use crate::names::RECORD;
use crate::record::{Message, Record};

/// How long a record is kept after its saga has ended, in seconds: 90 days.
const KEPT: u64 = 90 * 86_400;

/// The key of a saga's record.
#[must_use]
pub fn key(saga: &str) -> Key {
    Key {
        saga: saga.to_owned(),
        instance: RECORD.to_owned(),
    }
}

/// The `PutItem` that replaces a record of this revision, or is the first. `now` is in milliseconds since 1970.
#[must_use]
pub fn put(table: &str, record: &Record, expected: Option<u64>, now: u64) -> Value {
    let condition = match expected {
        None => format!("attribute_not_exists({PARTITION_KEY})"),
        Some(_) => "rev = :rev".to_owned(),
    };
    let mut request = Map::from_iter([
        ("TableName".to_owned(), table.into()),
        ("Item".to_owned(), item(record, now)),
        ("ConditionExpression".to_owned(), condition.into()),
    ]);
    if let Some(expected) = expected {
        let values = json!({ ":rev": { "N": expected.to_string() } });
        request.insert("ExpressionAttributeValues".to_owned(), values);
    }
    request.into()
}

fn item(record: &Record, now: u64) -> Value {
    // Every key is a string, so that neither can fail.
    let outbox = serde_json::to_string(&record.outbox).unwrap_or_default();
    let state = Record {
        outbox: Vec::new(),
        ..record.clone()
    };
    let state = serde_json::to_string(&state).unwrap_or_default();
    let key = key(&record.id);
    let mut item = json!({
        PARTITION_KEY: { "S": key.saga },
        SORT_KEY: { "S": key.instance },
        "rev": { "N": record.revision.to_string() },
        "state": { "S": state },
        "outbox": { "S": outbox },
    });
    if let (Some(_), Some(item)) = (&record.ended, item.as_object_mut()) {
        let expires = (now / 1_000 + KEPT).to_string();
        item.insert(EXPIRES.to_owned(), json!({ "N": expires }));
    }
    item
}

/// The record that an item holds, without what was published; none where it is no record.
#[must_use]
pub fn read(item: &Value) -> Option<Record> {
    serde_json::from_str(item.pointer("/state/S")?.as_str()?).ok()
}

/// What an item's image in the table's stream is to publish; none where it is no record.
#[must_use]
pub fn outbox(image: &Value) -> Option<Vec<Message>> {
    serde_json::from_str(image.pointer("/outbox/S")?.as_str()?).ok()
}
