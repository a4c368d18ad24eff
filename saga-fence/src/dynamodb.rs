//! Records as DynamoDB has them, and the one request that fences make of it.

use serde_json::{Map, Value, json};

use crate::table::{PARTITION_KEY, SORT_KEY};
use crate::{Claim, Failure, Key, Order, Outcome, Record, Stage, Swapped, Write};

/// The `PutItem` that a compare-and-swap is. Where its condition fails, the answer holds the item.
#[must_use]
pub fn put(table: &str, key: &Key, write: &Write) -> Value {
    let condition = match write.expected {
        None => format!("attribute_not_exists({PARTITION_KEY})"),
        Some(_) => "rev = :rev".to_owned(),
    };
    let request = [
        ("TableName", table.into()),
        ("Item", item(key, &write.record)),
        ("ConditionExpression", condition.into()),
        ("ReturnValuesOnConditionCheckFailure", "ALL_OLD".into()),
    ];
    let expected = write.expected.map(|revision| {
        let revision = json!({ ":rev": { "N": revision.to_string() } });
        ("ExpressionAttributeValues", revision)
    });
    let request = request.into_iter().chain(expected);
    request
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// What a `PutItem` says whose condition failed, with the item that is there, if one is.
#[must_use]
pub fn refused(item: Option<&Value>) -> Swapped {
    match item.map(record) {
        None => Swapped::Found(None),
        Some(Some(record)) => Swapped::Found(Some(record)),
        Some(None) => Swapped::Failed("the fence's record is not readable".to_owned()),
    }
}

/// The record of a key as an item.
fn item(key: &Key, record: &Record) -> Value {
    let text = |text: &str| json!({ "S": text });
    let number = |number: u64| json!({ "N": number.to_string() });
    let (stage, failure) = stage(&record.stage);
    let claim = &record.by;
    let mut item = Map::from_iter([
        (PARTITION_KEY.to_owned(), text(&key.saga)),
        (SORT_KEY.to_owned(), text(&key.instance)),
        ("rev".to_owned(), number(record.revision)),
        ("stage".to_owned(), text(stage)),
        ("by".to_owned(), text(&claim.id)),
        ("entered".to_owned(), number(claim.order.entered)),
        ("redrive".to_owned(), number(claim.order.redrive.into())),
        ("attempt".to_owned(), number(claim.order.attempt.into())),
        ("until".to_owned(), number(claim.until)),
    ]);
    for (name, set) in [("sealed", record.sealed), ("doubtful", record.doubtful)] {
        if set {
            item.insert(name.to_owned(), json!({ "BOOL": true }));
        }
    }
    if let Some(answer) = &record.answer {
        item.insert("answer".to_owned(), text(answer));
    }
    if let Some(failure) = failure {
        let known = failure.outcome == Outcome::NotDone;
        item.insert("error".to_owned(), text(&failure.name));
        item.insert("message".to_owned(), text(&failure.message));
        item.insert("notDone".to_owned(), json!({ "BOOL": known }));
    }
    Value::Object(item)
}

fn stage(stage: &Stage) -> (&'static str, Option<&Failure>) {
    match stage {
        Stage::Begun => ("begun", None),
        Stage::Done => ("done", None),
        Stage::Refused(failure) => ("refused", Some(failure)),
        Stage::Unsure(failure) => ("unsure", Some(failure)),
        Stage::Undoing => ("undoing", None),
        Stage::UndoFailed(failure) => ("undo-failed", Some(failure)),
        Stage::Undone => ("undone", None),
        Stage::Tombstone => ("tombstone", None),
    }
}

/// The record that an item holds; none where it is no record.
#[must_use]
pub fn record(item: &Value) -> Option<Record> {
    let text = |name: &str| Some(item.get(name)?.get("S")?.as_str()?.to_owned());
    let number = |name: &str| item.get(name)?.get("N")?.as_str()?.parse::<u64>().ok();
    let count = |name: &str| u32::try_from(number(name)?).ok();
    let set = |name: &str| item.pointer(&format!("/{name}/BOOL")) == Some(&Value::Bool(true));
    let failure = || {
        Some(Failure {
            name: text("error")?,
            message: text("message")?,
            outcome: if set("notDone") {
                Outcome::NotDone
            } else {
                Outcome::Unknown
            },
        })
    };
    let stage = match text("stage")?.as_str() {
        "begun" => Stage::Begun,
        "done" => Stage::Done,
        "refused" => Stage::Refused(failure()?),
        "unsure" => Stage::Unsure(failure()?),
        "undoing" => Stage::Undoing,
        "undo-failed" => Stage::UndoFailed(failure()?),
        "undone" => Stage::Undone,
        "tombstone" => Stage::Tombstone,
        _ => return None,
    };
    Some(Record {
        revision: number("rev")?,
        by: Claim {
            id: text("by")?,
            order: Order {
                entered: number("entered")?,
                redrive: count("redrive")?,
                attempt: count("attempt")?,
            },
            until: number("until")?,
        },
        stage,
        sealed: set("sealed"),
        doubtful: set("doubtful"),
        answer: text("answer"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(outcome: Outcome) -> Failure {
        Failure {
            name: "Refused".into(),
            message: "no \"funds\"".into(),
            outcome,
        }
    }

    #[test]
    fn records_read_back_as_written() {
        let stages = [
            Stage::Begun,
            Stage::Done,
            Stage::Refused(failure(Outcome::NotDone)),
            Stage::Unsure(failure(Outcome::Unknown)),
            Stage::Undoing,
            Stage::UndoFailed(failure(Outcome::NotDone)),
            Stage::Undone,
            Stage::Tombstone,
        ];
        for (revision, stage) in (1..).zip(stages) {
            let record = Record {
                revision,
                by: Claim {
                    id: "request".into(),
                    order: Order {
                        entered: 1_790_000_000_123,
                        redrive: 1,
                        attempt: 2,
                    },
                    until: 1_790_000_010_123,
                },
                stage,
                sealed: revision % 2 == 0,
                doubtful: revision % 3 == 0,
                answer: (revision % 4 == 0).then(|| r#"{"a":1}"#.into()),
            };
            let key = Key::new("arn", "Charge", Some("Items[1]"));
            assert_eq!(super::record(&item(&key, &record)), Some(record));
        }
    }

    #[test]
    fn what_is_no_record_is_not_read_as_one() {
        assert_eq!(record(&json!({})), None);
        assert_eq!(record(&json!({ "stage": { "S": "odd" } })), None);
    }
}
