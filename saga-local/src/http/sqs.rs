//! SQS by its JSON protocol.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::reply::Reply;
use crate::messaging::{Error, MessageAttribute, Messaging, Received, md5_of};
use crate::services::Embedded;

pub(super) fn answer(services: &Embedded, action: &str, request: &Value, now: i64) -> Reply {
    let messaging = &mut services.lock().messaging;
    let answer = match action {
        "SendMessage" => send(messaging, request, now),
        "SendMessageBatch" => send_batch(messaging, request, now),
        "ReceiveMessage" => receive(messaging, request, now),
        "DeleteMessage" => delete(messaging, request),
        "ChangeMessageVisibility" => hide(messaging, request, now),
        "GetQueueUrl" => url(messaging, request),
        "GetQueueAttributes" => attributes(messaging, request, now),
        "PurgeQueue" => purge(messaging, request),
        _ => return Reply::unknown(&format!("`AmazonSQS.{action}`")),
    };
    match answer {
        Ok(answer) => Reply::json(&answer),
        Err(error) => Reply::error(&format!("com.amazonaws.sqs#{}", error.name), &error.message),
    }
}

fn text<'r>(request: &'r Value, name: &str) -> &'r str {
    request
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn number(request: &Value, name: &str) -> Option<u64> {
    request.get(name)?.as_u64()
}

fn send(messaging: &mut Messaging, request: &Value, now: i64) -> Result<Value, Error> {
    let body = text(request, "MessageBody");
    if body.is_empty() {
        return Err(Error::new(
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        ));
    }
    let attributes = MessageAttribute::read_all(request.get("MessageAttributes"))?;
    let id = messaging.send(text(request, "QueueUrl"), body.into(), attributes, now)?;
    Ok(json!({ "MessageId": id, "MD5OfMessageBody": md5_of(body) }))
}

fn send_batch(messaging: &mut Messaging, request: &Value, now: i64) -> Result<Value, Error> {
    let queue = text(request, "QueueUrl");
    let entries = request
        .get("Entries")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let sent: Result<Vec<Value>, Error> = entries
        .iter()
        .map(|entry| {
            let body = text(entry, "MessageBody");
            let attributes = MessageAttribute::read_all(entry.get("MessageAttributes"))?;
            let id = messaging.send(queue, body.into(), attributes, now)?;
            Ok(json!({ "Id": text(entry, "Id"), "MessageId": id, "MD5OfMessageBody": md5_of(body) }))
        })
        .collect();
    Ok(json!({ "Successful": sent?, "Failed": [] }))
}

fn receive(messaging: &mut Messaging, request: &Value, now: i64) -> Result<Value, Error> {
    let most = number(request, "MaxNumberOfMessages").unwrap_or(1).min(10);
    let most = usize::try_from(most).unwrap_or(1);
    let received = messaging.receive(text(request, "QueueUrl"), most, now)?;
    Ok(json!({ "Messages": received.iter().map(shown).collect::<Vec<_>>() }))
}

fn shown(received: &Received) -> Value {
    let message = &received.message;
    let attributes: BTreeMap<&String, Value> = message
        .attributes
        .iter()
        .map(|(name, value)| (name, value.to_json()))
        .collect();
    json!({
        "MessageId": message.id,
        "ReceiptHandle": received.receipt,
        "Body": message.body,
        "MD5OfBody": md5_of(&message.body),
        "MessageAttributes": attributes,
        "Attributes": {
            "ApproximateReceiveCount": message.receives.to_string(),
            "SentTimestamp": message.sent_ms.to_string(),
        },
    })
}

fn delete(messaging: &mut Messaging, request: &Value) -> Result<Value, Error> {
    messaging
        .queue(text(request, "QueueUrl"))?
        .delete(text(request, "ReceiptHandle"));
    Ok(json!({}))
}

fn hide(messaging: &mut Messaging, request: &Value, now: i64) -> Result<Value, Error> {
    let seconds =
        number(request, "VisibilityTimeout").and_then(|seconds| u32::try_from(seconds).ok());
    let queue = messaging.queue(text(request, "QueueUrl"))?;
    if !queue.hide(
        text(request, "ReceiptHandle"),
        seconds.unwrap_or_default(),
        now,
    ) {
        return Err(Error::new(
            "ReceiptHandleIsInvalid",
            "The input receipt handle is invalid.",
        ));
    }
    Ok(json!({}))
}

fn url(messaging: &mut Messaging, request: &Value) -> Result<Value, Error> {
    let name = text(request, "QueueName");
    messaging.queue(name)?;
    Ok(json!({ "QueueUrl": crate::queue_url(name) }))
}

fn attributes(messaging: &mut Messaging, request: &Value, now: i64) -> Result<Value, Error> {
    let (visible, hidden) = messaging.queue(text(request, "QueueUrl"))?.counts(now);
    Ok(json!({ "Attributes": {
        "ApproximateNumberOfMessages": visible.to_string(),
        "ApproximateNumberOfMessagesNotVisible": hidden.to_string(),
    } }))
}

fn purge(messaging: &mut Messaging, request: &Value) -> Result<Value, Error> {
    messaging.queue(text(request, "QueueUrl"))?.purge();
    Ok(json!({}))
}
