//! The publisher: a batch of the table's stream comes in, the outboxes in it go out, in order. What fails is read from the stream again.

use saga_choreography::item;
use saga_dsl::handler::Failure;
use saga_fence::table::{EXPIRES, PARTITION_KEY, SORT_KEY};
use serde::Deserialize;
use serde_json::{Value, json};

use super::outbox::Outbox;
use super::records::now;
use crate::fence::Fences;
use crate::runtime_api::Invocation;

/// What serves them.
pub(crate) struct Publisher {
    outbox: Outbox,
    fences: Fences,
}

/// A batch of a stream.
#[derive(Debug, Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Change>,
}

/// A change of an item.
#[derive(Debug, Deserialize)]
struct Change {
    dynamodb: Image,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    sequence_number: String,
    new_image: Option<Value>,
}

impl Publisher {
    /// What the environment says.
    pub(crate) fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let chosen = |name: &str| variable(name).filter(|value| !value.is_empty());
        Ok(Self {
            outbox: Outbox::of(chosen)?,
            fences: Fences::of(chosen),
        })
    }

    pub(crate) async fn reply(&self, invocation: &Invocation) -> Result<String, Failure> {
        let mut batch = serde_json::Deserializer::from_slice(&invocation.event);
        let batch: Batch = serde_path_to_error::deserialize(&mut batch)
            .map_err(|problem| Failure::bad_event("", problem))?;
        for change in batch.records {
            let Some(image) = &change.dynamodb.new_image else {
                continue;
            };
            if let Err(failure) = self.publish(image).await {
                crate::log::line(tracing_core::Level::ERROR, &failure.message, |details| {
                    details.error_type = Some(&failure.name);
                    details.request_id = Some(&invocation.request_id);
                });
                let failed = [json!({ "itemIdentifier": change.dynamodb.sequence_number })];
                return Ok(json!({ "batchItemFailures": failed }).to_string());
            }
        }
        Ok(json!({ "batchItemFailures": [] }).to_string())
    }

    async fn publish(&self, image: &Value) -> Result<(), Failure> {
        let messages = item::outbox(image).unwrap_or_default();
        self.outbox.publish(&messages, now()).await?;
        match (image.pointer("/saga/S"), image.get(EXPIRES)) {
            (Some(saga), Some(expires)) => self.let_fences_expire(saga, expires).await,
            _ => Ok(()),
        }
    }

    /// The saga has ended: its fences are kept as long as its record.
    async fn let_fences_expire(&self, saga: &Value, expires: &Value) -> Result<(), Failure> {
        let table = self.fences.table()?;
        let query = json!({
            "TableName": table.name(),
            "KeyConditionExpression": format!("{PARTITION_KEY} = :saga"),
            "ExpressionAttributeValues": { ":saga": { "S": saga } },
            "ProjectionExpression": format!("{PARTITION_KEY}, {SORT_KEY}"),
        });
        // A saga's fences are fewer than a page holds: as many as it has steps.
        let found = table.perform("Query", &query).await?;
        let keys = found.get("Items").and_then(Value::as_array);
        for key in keys.into_iter().flatten() {
            let update = json!({
                "TableName": table.name(),
                "Key": key,
                "UpdateExpression": format!("SET {EXPIRES} = :expires"),
                "ExpressionAttributeValues": { ":expires": expires },
            });
            table.perform("UpdateItem", &update).await?;
        }
        Ok(())
    }
}
