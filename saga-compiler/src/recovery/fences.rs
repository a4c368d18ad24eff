//! The requests of the fences' table.

use saga_asl::json::{Value, object};
use saga_fence::table::{EXPIRES, PARTITION_KEY, SORT_KEY};

use super::FENCES;
use super::chain::SAGA_ID;
use crate::jsonata::delimited;

/// How long the fences of a saga that has ended are kept, in milliseconds: 90 days.
const KEPT_MILLIS: u64 = 90 * 24 * 60 * 60 * 1000;

/// An attribute of the table, as expressions name it: some of its names are words of DynamoDB's own.
const NAMES: [&str; 8] = [
    "sealed", "rev", "stage", "by", "entered", "redrive", "attempt", "until",
];

fn table() -> (&'static str, Value) {
    ("TableName", format!("${{{FENCES}}}").into())
}

fn text(value: Value) -> Value {
    object([("S", value)])
}

fn number(value: &str) -> Value {
    object([("N", Value::from(value))])
}

/// The key of a step's fence.
fn key(instance: Value) -> (&'static str, Value) {
    let saga = text(delimited(format!("${SAGA_ID}")));
    (
        "Key",
        object([(PARTITION_KEY, saga), (SORT_KEY, text(instance))]),
    )
}

fn names() -> (&'static str, Value) {
    let names = NAMES
        .iter()
        .map(|name| (format!("#{name}"), Value::from(*name)));
    ("ExpressionAttributeNames", object(names))
}

/// Forbids that anything is done from now on: `saga_fence::Phase::Seal`, as one update. Where there is no
/// record, a tombstone is left.
pub(super) fn seal(instance: Value) -> Value {
    let first = ["entered", "redrive", "attempt", "until"];
    let first = first.map(|name| format!("#{name} = if_not_exists(#{name}, :zero)"));
    let update = format!(
        "SET #sealed = :yes, #rev = if_not_exists(#rev, :zero) + :one, #stage = if_not_exists(#stage, :tombstone), \
         #by = if_not_exists(#by, :me), {}",
        first.join(", ")
    );
    object([
        table(),
        key(instance),
        ("UpdateExpression", update.into()),
        names(),
        values(),
    ])
}

/// Seals the pivot, unless something was or may have been done of it: the condition fails then.
pub(super) fn close(pivot: Value) -> Value {
    let Value::Object(mut fields) = seal(pivot) else {
        return Value::Null;
    };
    let condition = "attribute_not_exists(#rev) OR #stage IN (:refused, :tombstone)";
    fields.insert("ConditionExpression".into(), condition.into());
    if let Some(Value::Object(values)) = fields.get_mut("ExpressionAttributeValues") {
        values.insert(":refused".into(), text("refused".into()));
    }
    Value::Object(fields)
}

fn values() -> (&'static str, Value) {
    let me = text(delimited("$states.context.Execution.Id"));
    let values = object([
        (":yes", object([("BOOL", Value::from(true))])),
        (":zero", number("0")),
        (":one", number("1")),
        (":tombstone", text("tombstone".into())),
        (":me", me),
    ]);
    ("ExpressionAttributeValues", values)
}

/// Reads an attribute of a step's fence.
pub(super) fn read(instance: Value, attribute: &str) -> Value {
    object([
        table(),
        key(instance),
        ("ConsistentRead", true.into()),
        ("ProjectionExpression", "#attribute".into()),
        (
            "ExpressionAttributeNames",
            object([("#attribute", Value::from(attribute))]),
        ),
    ])
}

/// Lists the fences of the saga, from where the last list ended, if there was one.
pub(super) fn list(last: Option<&str>) -> Value {
    let list = [
        table(),
        (
            "KeyConditionExpression",
            format!("{PARTITION_KEY} = :saga").into(),
        ),
        ("ProjectionExpression", "#instance".into()),
        (
            "ExpressionAttributeNames",
            object([("#instance", Value::from(SORT_KEY))]),
        ),
        (
            "ExpressionAttributeValues",
            object([(":saga", text(delimited(format!("${SAGA_ID}"))))]),
        ),
    ];
    let last = last.map(|last| ("ExclusiveStartKey", delimited(last)));
    object(list.into_iter().chain(last))
}

/// Lets a fence expire, 90 days from now.
pub(super) fn expire() -> Value {
    let instance = delimited(format!("$states.input.{SORT_KEY}.S"));
    let seconds = format!("$string($floor(($millis() + {KEPT_MILLIS}) / 1000))");
    object([
        table(),
        key(instance),
        ("UpdateExpression", format!("SET {EXPIRES} = :then").into()),
        (
            "ExpressionAttributeValues",
            object([(":then", object([("N", delimited(seconds))]))]),
        ),
    ])
}
