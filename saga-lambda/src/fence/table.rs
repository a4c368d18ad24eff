//! The table: one conditional `PutItem` is all that fences ask of it.

use saga_fence::{Key, Store, Swapped, Write, dynamodb};
use serde_json::Value;

use super::client::{Answer, Client};

/// The table of a stack's fences.
pub(super) struct Table {
    name: String,
    client: Client,
}

impl Table {
    pub(super) fn new(name: String, variable: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            name,
            client: Client::new(variable),
        }
    }

    pub(super) async fn connect(&self) {
        self.client.connect().await;
    }
}

impl Store for Table {
    async fn swap(&self, key: &Key, write: &Write) -> Swapped {
        let body = dynamodb::put(&self.name, key, write).to_string();
        match self.client.perform("PutItem", body.as_bytes()).await {
            Ok(answer) => swapped(&answer),
            Err(problem) => Swapped::Failed(problem.to_string()),
        }
    }
}

fn swapped(answer: &Answer) -> Swapped {
    if answer.status.is_success() {
        return Swapped::Kept;
    }
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if !text("__type").ends_with("ConditionalCheckFailedException") {
        let (kind, message) = (text("__type"), text("message"));
        return Swapped::Failed(format!(
            "DynamoDB answered {} {kind} {message}",
            answer.status
        ));
    }
    dynamodb::refused(body.get("Item"))
}
