//! Step Functions' optimised integrations, and the same calls through `aws-sdk:`.

use serde_json::{Value, json};

use super::{CallError, ServiceFailure, State};
use crate::messaging::{self, MessageAttribute, Published};

pub(super) fn call(
    state: &mut State,
    service: &str,
    action: &str,
    arguments: &Value,
    now: i64,
) -> Result<Value, CallError> {
    let messaging =
        |error: messaging::Error| CallError::from(ServiceFailure::of_messaging(service, &error));
    let answer = match (service, action) {
        ("dynamodb", action) => state.dynamodb.perform(&capitalised(action), arguments)?,
        ("sns", "publish") => publish(state, arguments, now).map_err(messaging)?,
        ("sqs", "sendMessage") => send(state, arguments, now).map_err(messaging)?,
        ("events", "putEvents") => return put_events(state, arguments, now),
        // Those of a run are known to whoever runs them.
        ("aws-sdk:sfn", "describeExecution") => {
            let arn = arguments.get("ExecutionArn").and_then(Value::as_str);
            let cause = format!("Execution Does Not Exist: '{}'", arn.unwrap_or_default());
            let error = "Sfn.ExecutionDoesNotExistException".to_owned();
            return Err(ServiceFailure { error, cause }.into());
        }
        _ => {
            let resource = format!("arn:aws:states:::{service}:{action}");
            return Err(CallError::NotEmbedded(resource));
        }
    };
    Ok(with_metadata(answer))
}

/// `putItem` as the API names it: `PutItem`.
fn capitalised(action: &str) -> String {
    let mut chars = action.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + chars.as_str()
    })
}

fn publish(state: &mut State, arguments: &Value, now: i64) -> Result<Value, messaging::Error> {
    let topic = arguments
        .get("TopicArn")
        .or_else(|| arguments.get("TargetArn"));
    let message = Published {
        message: text(arguments.get("Message")),
        subject: arguments
            .get("Subject")
            .and_then(Value::as_str)
            .map(str::to_owned),
        attributes: MessageAttribute::read_all(arguments.get("MessageAttributes"))?,
    };
    if message.message.is_empty() {
        return Err(messaging::Error::new(
            "InvalidParameterException",
            "Invalid parameter: Empty message",
        ));
    }
    let topic = topic.and_then(Value::as_str).unwrap_or_default();
    let id = state.messaging.publish(topic, &message, now)?;
    Ok(json!({ "MessageId": id }))
}

fn send(state: &mut State, arguments: &Value, now: i64) -> Result<Value, messaging::Error> {
    let queue = arguments
        .get("QueueUrl")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let body = text(arguments.get("MessageBody"));
    if body.is_empty() {
        return Err(messaging::Error::new(
            "MissingParameterException",
            "The request must contain the parameter MessageBody.",
        ));
    }
    let attributes = MessageAttribute::read_all(arguments.get("MessageAttributes"))?;
    let digest = messaging::md5_of(&body);
    let id = state.messaging.send(queue, body, attributes, now)?;
    Ok(json!({ "MessageId": id, "MD5OfMessageBody": digest }))
}

/// Puts events on their buses; one that was refused fails the task, as the optimised integration does.
fn put_events(state: &mut State, arguments: &Value, now: i64) -> Result<Value, CallError> {
    let entries = arguments
        .get("Entries")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let answers: Vec<Value> = entries
        .iter()
        .map(|entry| put_event(state, entry, now))
        .collect();
    let failed = answers
        .iter()
        .filter(|answer| answer.get("ErrorCode").is_some())
        .count();
    let answer = json!({ "Entries": answers, "FailedEntryCount": failed });
    if failed > 0 {
        let (error, cause) = ("EventBridge.FailedEntry".into(), answer.to_string());
        return Err(ServiceFailure { error, cause }.into());
    }
    Ok(with_metadata(answer))
}

pub(crate) fn put_event(state: &mut State, entry: &Value, now: i64) -> Value {
    let bus = entry
        .get("EventBusName")
        .and_then(Value::as_str)
        .unwrap_or("default");
    match state.messaging.put_event(bus, entry, now) {
        Ok(id) => json!({ "EventId": id }),
        Err(error) => json!({ "ErrorCode": error.name, "ErrorMessage": error.message }),
    }
}

/// A text as it is; anything else as its JSON.
fn text(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

/// The answer with what the integration adds of the response.
fn with_metadata(mut answer: Value) -> Value {
    if let Value::Object(fields) = &mut answer {
        let request = crate::identifier::random();
        fields.insert("SdkHttpMetadata".into(), json!({ "HttpStatusCode": 200 }));
        fields.insert(
            "SdkResponseMetadata".into(),
            json!({ "RequestId": request }),
        );
    }
    answer
}
