//! SNS, which speaks no JSON: the SDK's own types.

use std::collections::HashMap;

use aws_sdk_sns::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sns::operation::publish::builders::PublishFluentBuilder;
use aws_sdk_sns::primitives::Blob;
use aws_sdk_sns::types::MessageAttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Clients;
use super::action::unreachable;
use super::verbatim::told;
use crate::services::{CallError, ServiceFailure};

/// `Publish`, of a message that is text.
pub(super) async fn publish(clients: &Clients, arguments: &Value) -> Result<Value, CallError> {
    let text = |name: &str| {
        arguments
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let request = clients
        .sns
        .publish()
        .set_topic_arn(text("TopicArn"))
        .set_target_arn(text("TargetArn"))
        .set_phone_number(text("PhoneNumber"))
        .set_message(text("Message"))
        .set_subject(text("Subject"))
        .set_message_structure(text("MessageStructure"))
        .set_message_deduplication_id(text("MessageDeduplicationId"))
        .set_message_group_id(text("MessageGroupId"));
    let sent = with_attributes(request, arguments)?.send().await;
    let answer = sent.map_err(|error| failed(clients, &error))?;
    Ok(json!({ "MessageId": answer.message_id() }))
}

fn with_attributes(
    request: PublishFluentBuilder,
    arguments: &Value,
) -> Result<PublishFluentBuilder, CallError> {
    let given = arguments
        .get("MessageAttributes")
        .and_then(Value::as_object);
    given
        .into_iter()
        .flatten()
        .try_fold(request, |request, (name, given)| {
            Ok(request.message_attributes(name, attribute(name, given)?))
        })
}

fn attribute(name: &str, given: &Value) -> Result<MessageAttributeValue, CallError> {
    let text = |part: &str| given.get(part).and_then(Value::as_str);
    let refused = |what: &str| -> CallError {
        let message = format!("Invalid parameter: the message attribute `{name}` {what}");
        ServiceFailure::reported("sns", "InvalidParameter", &message, 400).into()
    };
    let bytes = text("BinaryValue").map(|encoded| STANDARD.decode(encoded));
    let bytes = bytes.transpose().map_err(|_| refused("is no base64"))?;
    MessageAttributeValue::builder()
        .set_data_type(text("DataType").map(str::to_owned))
        .set_string_value(text("StringValue").map(str::to_owned))
        .set_binary_value(bytes.map(Blob::new))
        .build()
        .map_err(|_| refused("has no data type"))
}

/// `CreateTopic`: the topic's ARN, whether it was there or not.
pub(super) async fn create_topic(clients: &Clients, name: &str) -> Result<String, CallError> {
    let created = clients.sns.create_topic().name(name).send().await;
    let created = created.map_err(|error| failed(clients, &error))?;
    Ok(created.topic_arn().unwrap_or_default().to_owned())
}

/// `Subscribe`, of a queue by its ARN.
pub(super) async fn subscribe(
    clients: &Clients,
    topic: &str,
    queue: &str,
    attributes: HashMap<String, String>,
) -> Result<(), CallError> {
    let request = clients.sns.subscribe().topic_arn(topic).protocol("sqs");
    let request = request.endpoint(queue).set_attributes(Some(attributes));
    let subscribed = request.send().await;
    subscribed.map_err(|error| failed(clients, &error))?;
    Ok(())
}

/// An error that the service reports by its name and status, or that it cannot be reached.
fn failed<E>(clients: &Clients, error: &SdkError<E>) -> CallError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let Some(response) = error.raw_response() else {
        return unreachable("sns", &clients.unreachable(told(error)));
    };
    let name = error.code().unwrap_or("Unknown");
    let message = error.message().unwrap_or_default();
    ServiceFailure::reported("sns", name, message, response.status().as_u16()).into()
}
