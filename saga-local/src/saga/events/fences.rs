//! Fences in the table, as the runtime reads and seals them.

use saga_choreography::Event;
use saga_fence::table::{NAME, PARTITION_KEY, SORT_KEY};
use saga_fence::{Delivery, Key, Next, Passage, Phase, Record, Reply, Swapped, dynamodb};
use serde_json::{Value, json};

use super::EventError;
use crate::saga::Backend;
use crate::services::CallError;

/// What the fence of an event's step remembers.
pub(super) async fn read(backend: &Backend, event: &Event) -> Result<Option<Record>, EventError> {
    let key = key(event);
    let request = json!({
        "TableName": NAME,
        "Key": { PARTITION_KEY: { "S": key.saga }, SORT_KEY: { "S": key.instance } },
        "ConsistentRead": true,
    });
    let found = perform(backend, "getItem", &request).await;
    let found = found.map_err(|problem| failed(event, &problem))?;
    Ok(found.get("Item").and_then(dynamodb::record))
}

/// Lets the step of an event be done no more.
pub(super) async fn seal(backend: &Backend, event: &Event, now: u64) -> Result<Record, EventError> {
    let key = key(event);
    let delivery = Delivery {
        phase: Phase::Seal,
        order: event.order(),
        id: event.id.clone(),
        now,
        until: now,
    };
    let (mut passage, mut next) = Passage::begin(delivery);
    loop {
        next = match next {
            Next::Write(write) => {
                let request = dynamodb::put(NAME, &key, &write);
                let swapped = match perform(backend, "putItem", &request).await {
                    Ok(_) => Swapped::Kept,
                    // The condition failed: somebody was faster, or nothing works.
                    Err(_) => Swapped::Found(read(backend, event).await?),
                };
                passage.wrote(swapped)
            }
            Next::Reply(Reply::Sealed(record)) => return Ok(record),
            Next::Act | Next::Reply(_) => return Err(failed(event, "it was not sealed")),
        };
    }
}

fn key(event: &Event) -> Key {
    Key::new(
        &event.sagaid,
        event.step.as_deref().unwrap_or_default(),
        None,
    )
}

async fn perform(backend: &Backend, action: &str, request: &Value) -> Result<Value, String> {
    let answered = backend.services.perform("dynamodb", action, request, 0);
    answered.await.map_err(|error| match error {
        CallError::NotEmbedded(what) => format!("`{what}` is not embedded"),
        CallError::Failed(failure) => format!("{}: {}", failure.error, failure.cause),
    })
}

fn failed(event: &Event, problem: &str) -> EventError {
    EventError::Fence {
        step: event.step.clone().unwrap_or_default(),
        problem: problem.to_owned(),
    }
}
