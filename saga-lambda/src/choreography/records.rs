//! Records in the table: read as they are, replaced where nobody else has.

use saga_choreography::{Choreography, Event, Happened, Record, item};
use saga_dsl::handler::Failure;
use saga_fence::Key;
use saga_manifest::error::Outcome;

use super::not_ours;
use crate::fence::Table;
use crate::timestamp::Timestamp;

/// How often a record is looked at again that others replace: each time another one got on.
const LOOKS: u32 = 32;

/// The record of a saga.
pub(super) async fn read(table: &Table, saga: &str) -> Result<Option<Record>, Failure> {
    match table.get(&item::key(saga)).await? {
        None => Ok(None),
        Some(found) => item::read(&found).map(Some).ok_or_else(|| unusable(saga)),
    }
}

/// The record of a step's fence.
pub(super) async fn fence(
    table: &Table,
    saga: &str,
    step: &str,
) -> Result<Option<saga_fence::Record>, Failure> {
    let found = table.get(&Key::new(saga, step, None)).await?;
    Ok(found.as_ref().and_then(saga_fence::dynamodb::record))
}

/// Writes the first record of a saga. False where there is one.
pub(super) async fn create(table: &Table, record: &Record) -> Result<bool, Failure> {
    table
        .put(&item::put(table.name(), record, None, now()))
        .await
}

/// Replaces the record of an event's saga by what follows.
pub(super) async fn advance(
    table: &Table,
    choreography: &Choreography,
    event: &Event,
    happened: &Happened,
) -> Result<(), Failure> {
    for _ in 0..LOOKS {
        let found = read(table, &event.sagaid).await?;
        let record = found.ok_or_else(|| {
            not_ours(format!(
                "there is no saga `{}`: it has not begun, or was forgotten after it ended",
                event.sagaid
            ))
        })?;
        let next = choreography.advance(&record, happened, &event.id, now());
        let Some(next) = next else {
            return Ok(());
        };
        let request = item::put(table.name(), &next, Some(record.revision), now());
        if table.put(&request).await? {
            return Ok(());
        }
    }
    Err(Failure {
        name: saga_fence::UNAVAILABLE.into(),
        message: format!("the record of `{}` changes all the time", event.sagaid),
        outcome: Outcome::Unknown,
    })
}

/// Milliseconds since 1970.
pub(super) fn now() -> u64 {
    Timestamp::now().millis()
}

fn unusable(saga: &str) -> Failure {
    Failure {
        name: saga_fence::UNAVAILABLE.into(),
        message: format!("the record of `{saga}` is not readable"),
        outcome: Outcome::Unknown,
    }
}
