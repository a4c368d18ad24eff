//! DynamoDB for handlers that do without an SDK: the runtime's own client, which a bootstrap has anyway.

use serde_json::Value;

use crate::aws::{Client, Service};

/// A client of DynamoDB: actions and their requests are the service's own JSON (API reference, low-level API). It signs with
/// the function's role, keeps one connection, and tries again what the service could not do: a conditional write whose answer
/// was lost finds itself.
pub struct Dynamodb(Client);

/// What DynamoDB answered instead.
#[derive(Debug, thiserror::Error)]
#[error("DynamoDB: {name}: {message}")]
pub struct DynamodbError {
    /// The exception's name, without what stands before `#`: `ConditionalCheckFailedException`; `Unavailable` where there was no
    /// answer.
    pub name: String,
    /// What it says.
    pub message: String,
}

impl Dynamodb {
    /// The client of this function, or of the test that it is in.
    #[must_use]
    pub fn of_function() -> Self {
        let variable = |name: &str| crate::variable(name).filter(|value| !value.is_empty());
        Self(Client::new(Service::Dynamodb, variable))
    }

    /// Performs an action (`GetItem`); gives the answer.
    ///
    /// # Errors
    /// Another answer, or none.
    pub async fn perform(&self, action: &str, request: &Value) -> Result<Value, DynamodbError> {
        let body = request.to_string();
        let answer = self.0.perform(action, body.as_bytes()).await;
        let answer = answer.map_err(|problem| DynamodbError {
            name: "Unavailable".to_owned(),
            message: problem.to_string(),
        })?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status.is_success() {
            return Ok(said);
        }
        // Some exceptions write `Message`.
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        let name = text("__type").and_then(|name| name.rsplit('#').next());
        let message = text("message").or_else(|| text("Message"));
        Err(DynamodbError {
            name: name.unwrap_or_default().to_owned(),
            message: message.unwrap_or_default().to_owned(),
        })
    }
}
