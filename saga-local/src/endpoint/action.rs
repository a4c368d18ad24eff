//! The actions of direct integrations, each by its service's protocol.

use serde_json::{Value, json};

use super::EndpointError;
use super::client::{Answer, Call, Client};
use super::{form, tag};
use crate::services::{CallError, ServiceFailure};

/// Performs an action as Step Functions would.
pub(super) async fn perform(
    client: &Client,
    service: &str,
    action: &str,
    arguments: &Value,
) -> Result<Value, CallError> {
    let answer = match (service, action) {
        ("dynamodb", action) => {
            json_call(
                client,
                service,
                &format!("DynamoDB_20120810.{}", capitalised(action)),
                arguments,
            )
            .await?
        }
        ("sqs", "sendMessage") => {
            let arguments = with_text(arguments, "MessageBody");
            json_call(client, service, "AmazonSQS.SendMessage", &arguments).await?
        }
        ("sns", "publish") => publish(client, &with_text(arguments, "Message")).await?,
        ("events", "putEvents") => {
            json_call(client, service, "AWSEvents.PutEvents", arguments).await?
        }
        _ => {
            return Err(CallError::NotEmbedded(format!(
                "arn:aws:states:::{service}:{action}"
            )));
        }
    };
    match answer.get("FailedEntryCount").and_then(Value::as_u64) {
        Some(failed) if failed > 0 => Err(CallError::Failed(ServiceFailure {
            error: "EventBridge.FailedEntry".into(),
            cause: answer.to_string(),
        })),
        _ => Ok(answer),
    }
}

/// Calls an action of a JSON protocol.
pub(super) async fn json_call(
    client: &Client,
    service: &str,
    target: &str,
    request: &Value,
) -> Result<Value, CallError> {
    let call = Call {
        service,
        target: Some(target),
        content_type: "application/x-amz-json-1.0",
        body: request.to_string().into_bytes(),
    };
    let answer = client
        .send(call)
        .await
        .map_err(|error| unreachable(service, &error))?;
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    if answer.status.is_success() {
        return Ok(body);
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let name = text("__type")
        .and_then(|name| name.rsplit('#').next())
        .unwrap_or("Unknown");
    let message = text("message")
        .or_else(|| text("Message"))
        .unwrap_or(&answer.body);
    Err(ServiceFailure::reported(service, name, message, answer.status.as_u16()).into())
}

/// Calls an action of the query protocol, and gives its XML.
pub(super) async fn form_call(
    client: &Client,
    service: &str,
    fields: &[(String, String)],
) -> Result<String, CallError> {
    let call = Call {
        service,
        target: None,
        content_type: "application/x-www-form-urlencoded",
        body: form::encoded(fields),
    };
    let Answer { status, body } = client
        .send(call)
        .await
        .map_err(|error| unreachable(service, &error))?;
    if status.is_success() {
        return Ok(body);
    }
    let name = tag::text(&body, "Code").unwrap_or_else(|| "Unknown".into());
    let message = tag::text(&body, "Message").unwrap_or_else(|| body.clone());
    Err(ServiceFailure::reported(service, &name, &message, status.as_u16()).into())
}

async fn publish(client: &Client, arguments: &Value) -> Result<Value, CallError> {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut fields = vec![field("Action", "Publish"), field("Version", "2010-03-31")];
    for name in ["TopicArn", "Message", "Subject"] {
        fields.extend(
            arguments
                .get(name)
                .and_then(Value::as_str)
                .map(|value| field(name, value)),
        );
    }
    let attributes = arguments
        .get("MessageAttributes")
        .and_then(Value::as_object);
    for (number, (name, attribute)) in (1..).zip(attributes.into_iter().flatten()) {
        let entry = format!("MessageAttributes.entry.{number}");
        fields.push((format!("{entry}.Name"), name.clone()));
        for part in ["DataType", "StringValue", "BinaryValue"] {
            let value = attribute.get(part).and_then(Value::as_str);
            fields.extend(value.map(|value| (format!("{entry}.Value.{part}"), value.to_owned())));
        }
    }
    let answer = form_call(client, "sns", &fields).await?;
    Ok(json!({ "MessageId": tag::text(&answer, "MessageId") }))
}

/// The arguments with a field that may be any JSON as text.
fn with_text(arguments: &Value, name: &str) -> Value {
    let mut arguments = arguments.clone();
    if let Some(value) = arguments.get_mut(name).filter(|value| !value.is_string()) {
        *value = value.to_string().into();
    }
    arguments
}

fn capitalised(action: &str) -> String {
    let mut chars = action.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + chars.as_str()
    })
}

/// A service that did not answer may have acted: an error of the client in front of it.
fn unreachable(service: &str, error: &EndpointError) -> CallError {
    ServiceFailure::reported(service, "SdkClientException", &error.to_string(), 0).into()
}
