//! The table: one conditional `PutItem` is all that fences ask of it. Records of sagas by events are read, too.

use saga_dsl::handler::Failure;
use saga_fence::table::{PARTITION_KEY, SORT_KEY};
use saga_fence::{Key, Store, Swapped, UNAVAILABLE, Write, dynamodb};
use saga_manifest::error::Outcome;
use serde_json::{Value, json};

use crate::aws::{Answer, Client, Service};

/// The error of a condition that does not hold.
const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

/// The table of a stack's fences.
pub(crate) struct Table {
    name: String,
    client: Client,
}

impl Table {
    pub(super) fn new(name: String, variable: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            name,
            client: Client::new(Service::Dynamodb, variable),
        }
    }

    pub(super) async fn connect(&self) {
        self.client.connect().await;
    }

    /// The table's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Reads an item as it is now; none where there is none.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Value>, Failure> {
        let body = json!({
            "TableName": self.name,
            "Key": {
                PARTITION_KEY: { "S": key.saga },
                SORT_KEY: { "S": key.instance },
            },
            "ConsistentRead": true,
        });
        let answer = self.perform("GetItem", &body).await?;
        Ok(answer.get("Item").cloned())
    }

    /// Puts an item if its condition holds; whether it did.
    pub(crate) async fn put(&self, request: &Value) -> Result<bool, Failure> {
        match self.perform("PutItem", request).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.message.contains(CONDITION_FAILED) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Performs an action; its answer as JSON.
    pub(crate) async fn perform(&self, action: &str, body: &Value) -> Result<Value, Failure> {
        let body = body.to_string();
        let answered = self.client.perform(action, body.as_bytes()).await;
        let problem = match answered {
            Ok(answer) => {
                let body = serde_json::from_slice(&answer.body).unwrap_or_default();
                if answer.status.is_success() {
                    return Ok(body);
                }
                format!("{action}: {} {body}", answer.status)
            }
            Err(problem) => format!("{action}: {problem}"),
        };
        Err(Failure {
            name: UNAVAILABLE.into(),
            message: format!("the table `{}` could not be used: {problem}", self.name),
            outcome: Outcome::Unknown,
        })
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
    if !text("__type").ends_with(CONDITION_FAILED) {
        let (kind, message) = (text("__type"), text("message"));
        return Swapped::Failed(format!(
            "DynamoDB answered {} {kind} {message}",
            answer.status
        ));
    }
    dynamodb::refused(body.get("Item"))
}
