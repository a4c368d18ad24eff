//! Sagas by events: their records are in the table, which has a stream that publishes what they hold.

use saga_choreography::Choreography;
use saga_dsl::handler::Failure;
use saga_dsl::{Package, Saga};
use serde_json::Value;

use super::{Begun, Status, Unreachable, same};
use crate::choreography::records;
use crate::fence::Fences;

pub(super) async fn begin<S: Saga>(
    fences: &Fences,
    key: &str,
    input: Value,
) -> Result<Begun, Unreachable> {
    let table = fences.table().map_err(failed)?;
    let name = S::declare().name;
    let manifest = Package::new().saga::<S>().manifest();
    let choreography = Choreography::of(&manifest, name)
        .map_err(|_| Unreachable(format!("`{name}` needs an orchestrator")))?;
    let id = id::<S>(key);
    let record = choreography.begin(&id, input, &id, records::now());
    if records::create(table, &record).await.map_err(failed)? {
        return Ok(Begun::Now);
    }
    let known = records::read(table, &id).await.map_err(failed)?;
    // It was there: one that is not any more has just expired.
    Ok(known.map_or(Begun::Another, |known| same(&known.input, &record.input)))
}

pub(super) async fn status<S: Saga>(
    fences: &Fences,
    key: &str,
) -> Result<Option<Status>, Unreachable> {
    let table = fences.table().map_err(failed)?;
    let record = records::read(table, &id::<S>(key)).await.map_err(failed)?;
    Ok(record.map(|record| match &record.ended {
        Some(saga_choreography::Ended::Completed(_)) => Status::Completed,
        Some(saga_choreography::Ended::Compensated) => Status::Compensated,
        None if record.is_parked() => Status::Parked,
        None => Status::Running,
    }))
}

/// The saga's id: what `SagaIntake` calls a saga of this key, too.
fn id<S: Saga>(key: &str) -> String {
    format!("{}/{key}", S::declare().name)
}

fn failed(failure: Failure) -> Unreachable {
    Unreachable(failure.message)
}
