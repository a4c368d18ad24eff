//! The actions of direct integrations.

use serde_json::Value;

use super::verbatim::{Answer, send};
use super::{Clients, EndpointError, sns};
use crate::services::{CallError, ServiceFailure};

/// Performs an action as Step Functions would.
pub(super) async fn perform(
    clients: &Clients,
    service: &str,
    action: &str,
    arguments: &Value,
) -> Result<Value, CallError> {
    let answer = match (service, action) {
        ("sns", "publish") => sns::publish(clients, &with_text(arguments, "Message")).await?,
        ("sqs", "sendMessage") => {
            let arguments = with_text(arguments, "MessageBody");
            call(clients, service, "SendMessage", &arguments).await?
        }
        ("dynamodb", action) => call(clients, service, &capitalised(action), arguments).await?,
        ("events", "putEvents") => call(clients, service, "PutEvents", arguments).await?,
        _ => return Err(unknown(service, action)),
    };
    match answer.get("FailedEntryCount").and_then(Value::as_u64) {
        Some(failed) if failed > 0 => Err(CallError::Failed(ServiceFailure {
            error: "EventBridge.FailedEntry".into(),
            cause: answer.to_string(),
        })),
        _ => Ok(answer),
    }
}

/// Calls an action of a JSON protocol by the API's name for it.
pub(super) async fn call(
    clients: &Clients,
    service: &str,
    action: &str,
    request: &Value,
) -> Result<Value, CallError> {
    let answer = send(clients, service, action, request).await;
    let answer = answer.ok_or_else(|| unknown(service, action))?;
    let Answer { status, body } =
        answer.map_err(|problem| unreachable(service, &clients.unreachable(problem)))?;
    let json: Value = serde_json::from_str(&body).unwrap_or_default();
    if (200..300).contains(&status) {
        return Ok(json);
    }
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let name = text("__type").and_then(|name| name.rsplit('#').next());
    let message = text("message").or_else(|| text("Message")).unwrap_or(&body);
    let name = name.unwrap_or("Unknown");
    Err(ServiceFailure::reported(service, name, message, status).into())
}

/// Sends a request; none if there is no such action.
async fn send(
    clients: &Clients,
    service: &str,
    action: &str,
    request: &Value,
) -> Option<Result<Answer, String>> {
    let Clients {
        dynamodb,
        events,
        sqs,
        ..
    } = clients;
    // The SDK chooses the address by the table, also where there is only one address.
    let table = request.get("TableName").and_then(Value::as_str);
    let table = table.unwrap_or_default();
    Some(match (service, action) {
        ("dynamodb", "BatchGetItem") => send!(dynamodb.batch_get_item(), request),
        ("dynamodb", "BatchWriteItem") => send!(dynamodb.batch_write_item(), request),
        ("dynamodb", "CreateTable") => send!(dynamodb.create_table().table_name(table), request),
        ("dynamodb", "DeleteItem") => send!(dynamodb.delete_item().table_name(table), request),
        ("dynamodb", "DescribeTable") => {
            send!(dynamodb.describe_table().table_name(table), request)
        }
        ("dynamodb", "GetItem") => send!(dynamodb.get_item().table_name(table), request),
        ("dynamodb", "ListTables") => send!(dynamodb.list_tables(), request),
        ("dynamodb", "PutItem") => send!(dynamodb.put_item().table_name(table), request),
        ("dynamodb", "Query") => send!(dynamodb.query().table_name(table), request),
        ("dynamodb", "Scan") => send!(dynamodb.scan().table_name(table), request),
        ("dynamodb", "TransactGetItems") => send!(dynamodb.transact_get_items(), request),
        ("dynamodb", "TransactWriteItems") => send!(dynamodb.transact_write_items(), request),
        ("dynamodb", "UpdateItem") => send!(dynamodb.update_item().table_name(table), request),
        ("events", "PutEvents") => send!(events.put_events(), request),
        ("sqs", "CreateQueue") => send!(sqs.create_queue(), request),
        ("sqs", "GetQueueAttributes") => send!(sqs.get_queue_attributes(), request),
        ("sqs", "GetQueueUrl") => send!(sqs.get_queue_url(), request),
        ("sqs", "ReceiveMessage") => send!(sqs.receive_message(), request),
        ("sqs", "SendMessage") => send!(sqs.send_message(), request),
        _ => return None,
    })
}

impl Clients {
    /// Whether somebody answers there, whatever it is.
    pub(super) async fn reach(&self) -> Result<(), EndpointError> {
        let request = serde_json::json!({ "Limit": 1 });
        match send!(self.dynamodb.list_tables(), request) {
            Ok(_) => Ok(()),
            Err(problem) => Err(self.unreachable(problem)),
        }
    }

    pub(super) fn unreachable(&self, problem: String) -> EndpointError {
        EndpointError::Unreachable {
            url: self.url.clone(),
            problem,
        }
    }
}

fn unknown(service: &str, action: &str) -> CallError {
    CallError::NotEmbedded(format!("arn:aws:states:::{service}:{action}"))
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
pub(super) fn unreachable(service: &str, error: &EndpointError) -> CallError {
    ServiceFailure::reported(service, "SdkClientException", &error.to_string(), 0).into()
}
