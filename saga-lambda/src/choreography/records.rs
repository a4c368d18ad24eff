//! Records in the table: read as they are, replaced where nobody else has.

use saga_choreography::{Choreography, Event, Happened, Record, item};
use saga_dsl::handler::Failure;
use saga_fence::Key;
use saga_manifest::error::Outcome;

use super::not_ours;
use crate::fence::{self, Table};
use crate::timestamp::Timestamp;

/// How often a record is looked at again that others replace: each time another one got on.
const LOOKS: u32 = 32;

/// The record of a saga.
pub(crate) async fn read(table: &Table, saga: &str) -> Result<Option<Record>, Failure> {
    match table.get(&item::key(saga)).await? {
        None => Ok(None),
        Some(found) => item::read(&found).map(Some).ok_or_else(|| unusable(saga)),
    }
}

/// The record of a step's fence.
pub(super) async fn fence_of(
    table: &Table,
    saga: &str,
    step: &str,
) -> Result<Option<saga_fence::Record>, Failure> {
    let found = table.get(&Key::new(saga, step, None)).await?;
    Ok(found.as_ref().and_then(saga_fence::dynamodb::record))
}

/// Writes the first record of a saga. False where there is one.
pub(crate) async fn create(table: &Table, record: &Record) -> Result<bool, Failure> {
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
        let sealed;
        let happened = match choreography.gives_up(&record, happened, now()) {
            true => {
                sealed = sealed_off(table, event).await?;
                &sealed
            }
            false => happened,
        };
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

/// Lets a step be done no more that is given up, and looks what became of it.
async fn sealed_off(table: &Table, event: &Event) -> Result<Happened, Failure> {
    let step = event.step.as_deref().unwrap_or_default();
    let key = Key::new(&event.sagaid, step, None);
    let record = fence::seal(table, &key, event.order(), &event.id).await?;
    Happened::of_sealed(event, &record, now())
        .ok_or_else(|| not_ours(format!("`{}` is no look at a step", event.action.name())))
}

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    Timestamp::now().millis()
}

fn unusable(saga: &str) -> Failure {
    Failure {
        name: saga_fence::UNAVAILABLE.into(),
        message: format!("the record of `{saga}` is not readable"),
        outcome: Outcome::Unknown,
    }
}
