//! The table: one conditional `PutItem` is all that fences ask of it.

use saga_fence::{Key, Store, Swapped, Write};
use serde_json::{Value, json};

use super::client::{Answer, Client};
use super::item;

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

    fn request(&self, key: &Key, write: &Write) -> Value {
        let mut request = json!({
            "TableName": self.name,
            "Item": item::write(key, &write.record),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        });
        let condition = match write.expected {
            None => "attribute_not_exists(saga)",
            Some(revision) => {
                let revision = json!({ ":rev": { "N": revision.to_string() } });
                insert(&mut request, "ExpressionAttributeValues", revision);
                "rev = :rev"
            }
        };
        insert(&mut request, "ConditionExpression", condition.into());
        request
    }
}

impl Store for Table {
    async fn swap(&self, key: &Key, write: &Write) -> Swapped {
        let body = self.request(key, write).to_string();
        match self.client.perform("PutItem", body.as_bytes()).await {
            Ok(answer) => swapped(&answer),
            Err(problem) => Swapped::Failed(problem.to_string()),
        }
    }
}

fn insert(request: &mut Value, name: &str, value: Value) {
    if let Some(fields) = request.as_object_mut() {
        fields.insert(name.to_owned(), value);
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
    match body.get("Item").map(item::read) {
        None => Swapped::Found(None),
        Some(Some(record)) => Swapped::Found(Some(record)),
        Some(None) => Swapped::Failed("the fence's record is not readable".to_owned()),
    }
}
