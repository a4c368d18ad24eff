//! The requests of the fences' table.

use saga_asl::json::{Value, object};
use saga_fence::mark::NOW;
use saga_fence::table::{EXPIRES, PARTITION_KEY, SORT_KEY};

use super::FENCES;
use super::text::SAGA_ID;
use crate::jsonata::delimited;

/// How long the fences of a saga that has ended are kept, in milliseconds: 90 days.
const KEPT_MILLIS: u64 = 90 * 24 * 60 * 60 * 1000;

/// An attribute of the table, as expressions name it: some of its names are words of DynamoDB's own.
const NAMES: [&str; 8] = [
    "sealed", "rev", "stage", "by", "entered", "redrive", "attempt", "until",
];

/// The attribute that says that the saga itself has sealed the fence, to undo the step: no recovery has.
pub(super) const BY_SAGA: &str = "sealedBySaga";

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
    key_of(delimited(format!("${SAGA_ID}")), instance)
}

fn key_of(saga: Value, instance: Value) -> (&'static str, Value) {
    (
        "Key",
        object([(PARTITION_KEY, text(saga)), (SORT_KEY, text(instance))]),
    )
}

fn names() -> (&'static str, Value) {
    let names = NAMES
        .iter()
        .map(|name| (format!("#{name}"), Value::from(*name)));
    ("ExpressionAttributeNames", object(names))
}

/// What an update of a fence answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing.
    Nothing,
    /// The step's stage.
    Stage,
    /// The whole record, with the step's answer.
    Record,
}

/// Forbids that anything is done from now on: `saga_fence::Phase::Seal`, as one update. Where there is no
/// record, a tombstone is left.
pub(super) fn seal(instance: Value, answer: Answer) -> Value {
    let update = format!("{} REMOVE {BY_SAGA}", sealing());
    let answer = match answer {
        Answer::Nothing => None,
        // The stage is one of the attributes that the update sets.
        Answer::Stage => Some("UPDATED_NEW"),
        Answer::Record => Some("ALL_NEW"),
    };
    let request = [
        table(),
        key(instance),
        ("UpdateExpression", update.into()),
        names(),
        values(),
    ];
    let answer = answer.map(|answer| ("ReturnValues", answer.into()));
    object(request.into_iter().chain(answer))
}

/// What an update of a fence sets that seals it.
fn sealing() -> String {
    let first = ["entered", "redrive", "attempt", "until"];
    let first = first.map(|name| format!("#{name} = if_not_exists(#{name}, :zero)"));
    format!(
        "SET #sealed = :yes, #rev = if_not_exists(#rev, :zero) + :one, #stage = if_not_exists(#stage, :tombstone), \
         #by = if_not_exists(#by, :me), {}",
        first.join(", ")
    )
}

/// The same by the saga itself, before it undoes the step. The condition fails while a handler is at work.
pub(crate) fn seal_own(table: &str, saga: Value, instance: Value) -> Value {
    let (called, mut values) = values();
    if let Value::Object(values) = &mut values {
        values.insert(":begun".into(), text("begun".into()));
        let now = object([("N", delimited("$string($millis())"))]);
        values.insert(format!(":{NOW}"), now);
    }
    object([
        ("TableName", table.into()),
        key_of(saga, instance),
        (
            "UpdateExpression",
            format!("{}, {BY_SAGA} = :yes", sealing()).into(),
        ),
        (
            "ConditionExpression",
            format!("attribute_not_exists(#stage) OR #stage <> :begun OR #until <= :{NOW}").into(),
        ),
        names(),
        (called, values),
    ])
}

/// Seals the pivot, unless something was or may have been done of it: the condition fails then.
pub(super) fn close(pivot: Value) -> Value {
    let condition = "attribute_not_exists(#rev) OR #stage IN (:refused, :tombstone)";
    sealed_if(pivot, condition, (":refused", "refused"))
}

/// Seals the step before a pivot, unless it is done: the condition fails then.
pub(super) fn close_before(instance: Value) -> Value {
    let condition = "attribute_not_exists(#rev) OR #stage <> :done";
    sealed_if(instance, condition, (":done", "done"))
}

fn sealed_if(instance: Value, condition: &str, (name, stage): (&str, &str)) -> Value {
    let Value::Object(mut fields) = seal(instance, Answer::Nothing) else {
        return Value::Null;
    };
    fields.insert("ConditionExpression".into(), condition.into());
    if let Some(Value::Object(values)) = fields.get_mut("ExpressionAttributeValues") {
        values.insert(name.into(), text(stage.into()));
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

/// Counts the fences below a step instance that are not settled: those of the saga that it ran.
pub(super) fn count_below(prefix: Value, unsettled: &[&str]) -> Value {
    let stages = unsettled.iter().enumerate();
    let stages: Vec<_> = stages
        .map(|(number, stage)| (format!(":stage{number}"), *stage))
        .collect();
    let names: Vec<_> = stages.iter().map(|(name, _)| name.as_str()).collect();
    let filter = format!("#stage IN ({})", names.join(", "));
    let values = stages
        .iter()
        .map(|(name, stage)| (name.as_str(), text((*stage).into())));
    let saga = text(delimited(format!("${SAGA_ID}")));
    let values = values.chain([(":saga", saga), (":below", text(prefix))]);
    object([
        table(),
        (
            "KeyConditionExpression",
            format!("{PARTITION_KEY} = :saga AND begins_with(#instance, :below)").into(),
        ),
        ("FilterExpression", filter.into()),
        ("Select", "COUNT".into()),
        ("ConsistentRead", true.into()),
        (
            "ExpressionAttributeNames",
            object([
                ("#instance", Value::from(SORT_KEY)),
                ("#stage", "stage".into()),
            ]),
        ),
        ("ExpressionAttributeValues", object(values)),
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
        (
            "ProjectionExpression",
            format!("#instance, #sealed, {BY_SAGA}").into(),
        ),
        (
            "ExpressionAttributeNames",
            object([
                ("#instance", Value::from(SORT_KEY)),
                ("#sealed", "sealed".into()),
            ]),
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
