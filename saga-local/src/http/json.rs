//! The JSON protocols: the service and action are in `X-Amz-Target`.

use serde_json::{Value, json};

use super::reply::Reply;
use super::sqs;
use crate::dynamodb::Error;
use crate::services::{Embedded, put_event};

pub(super) fn answer(services: &Embedded, target: &str, body: &[u8], now: i64) -> Reply {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return Reply::error("SerializationException", "the request is no JSON");
    };
    match target.split_once('.') {
        Some(("DynamoDB_20120810", action)) => dynamodb(services, action, &request),
        Some(("AmazonSQS", action)) => sqs::answer(services, action, &request, now),
        Some(("AWSEvents", "PutEvents")) => put_events(services, &request, now),
        _ => Reply::unknown(&format!("`{target}`")),
    }
}

fn dynamodb(services: &Embedded, action: &str, request: &Value) -> Reply {
    match services.lock().dynamodb.perform(action, request) {
        Ok(answer) => Reply::json(&answer),
        Err(error @ Error::Validation(_)) => Reply::error(
            "com.amazon.coral.validate#ValidationException",
            &error.to_string(),
        ),
        Err(error) => {
            let name = format!("com.amazonaws.dynamodb.v20120810#{}", error.name());
            match &error {
                Error::ConditionalCheckFailed { item: Some(item) } => {
                    Reply::failed_condition(&name, &error.to_string(), item)
                }
                _ => Reply::error(&name, &error.to_string()),
            }
        }
    }
}

fn put_events(services: &Embedded, request: &Value, now: i64) -> Reply {
    let entries = request
        .get("Entries")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut state = services.lock();
    let answers: Vec<Value> = entries
        .iter()
        .map(|entry| put_event(&mut state, entry, now))
        .collect();
    let failed = answers
        .iter()
        .filter(|answer| answer.get("ErrorCode").is_some())
        .count();
    Reply::json(&json!({ "Entries": answers, "FailedEntryCount": failed }))
}
