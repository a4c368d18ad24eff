//! What a test asserts on.

use saga_dsl::{Queue, Table};
use saga_engine::execution::Status;
use saga_engine::history::{Detail, HistoryEvent};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::saga::{Ended, Ending};
use crate::services::{Embedded, QueuedMessage};

/// A saga that has ended, and what it left behind.
#[derive(Debug)]
pub struct SagaResult {
    pub(super) ended: Ended,
    pub(super) recovered: Option<Ended>,
    pub(super) services: Embedded,
}

impl SagaResult {
    /// How the saga ended.
    #[must_use]
    pub fn ending(&self) -> Ending {
        self.ended.ending
    }

    /// The output of a completed saga.
    ///
    /// # Panics
    /// When there is none, or it is of another type.
    #[expect(
        clippy::panic,
        reason = "a test that finds something else fails, and says what"
    )]
    #[must_use]
    pub fn output<T: DeserializeOwned>(&self) -> T {
        let output = self.ended.outcome.output.as_ref();
        let value = output.and_then(|output| serde_json::to_value(output).ok());
        match value.clone().map(serde_json::from_value) {
            Some(Ok(output)) => output,
            _ => panic!(
                "the saga is {}: {:?}",
                self.ending().name(),
                self.ended.outcome
            ),
        }
    }

    /// The error's name and the cause of an execution that did not succeed.
    #[must_use]
    pub fn failure(&self) -> Option<(&str, &str)> {
        let failure = self.ended.outcome.failure.as_ref()?;
        Some((
            failure.error.as_deref()?,
            failure.cause.as_deref().unwrap_or_default(),
        ))
    }

    /// The states that were entered, in order; without those that only choose where to go on.
    #[must_use]
    pub fn states(&self) -> Vec<&str> {
        entered(self.history())
    }

    /// How the recovery of an execution ended that was aborted, and the states that it entered.
    #[must_use]
    pub fn recovery(&self) -> Option<(Ending, Vec<&str>)> {
        let recovered = self.recovered.as_ref()?;
        Some((recovered.ending, entered(recovered.execution.history())))
    }

    /// How the recoveries ended of executions that a state of the saga started and that were stopped, each by
    /// the name of its state machine: `completed` where nothing is left of them.
    #[must_use]
    pub fn nested_recoveries(&self) -> Vec<(&str, Ending)> {
        let recovered = self
            .recovered
            .iter()
            .flat_map(|recovered| &recovered.nested);
        let ended = recovered.map(|nested| {
            let status = nested.execution.outcome().map(|outcome| outcome.status);
            let ending = match status {
                Some(Status::Succeeded) => Ending::Completed,
                Some(Status::Failed) => Ending::Parked,
                _ => Ending::Failed,
            };
            (nested.machine.as_str(), ending)
        });
        ended.collect()
    }

    /// The rows of the fences' table as JSON: what sagas remember of themselves.
    #[must_use]
    pub fn fences(&self) -> Vec<Value> {
        self.services.fences()
    }

    /// The execution's history.
    #[must_use]
    pub fn history(&self) -> &[HistoryEvent] {
        self.ended.execution.history()
    }

    /// The rows of a table, in the order of their keys. Attributes that the type does not know are left out.
    ///
    /// # Panics
    /// When a row is not of the table's type.
    #[must_use]
    pub fn table<T: Table>(&self) -> Vec<T::Item> {
        typed(self.rows(&T::declare().name))
    }

    /// The rows of a table as JSON, with all their attributes.
    #[must_use]
    pub fn rows(&self, table: &str) -> Vec<Value> {
        rows_of(&self.services, table)
    }

    /// The messages in a queue, the oldest first.
    #[must_use]
    pub fn messages<Q: Queue>(&self) -> Vec<QueuedMessage> {
        self.queue(&Q::declare().name)
    }

    /// The messages in a queue by its name: `ParkedQueue` has the parking messages.
    #[must_use]
    pub fn queue(&self, name: &str) -> Vec<QueuedMessage> {
        self.services
            .contents()
            .queues
            .remove(name)
            .unwrap_or_default()
    }
}

/// The rows of a table as JSON.
pub(super) fn rows_of(services: &Embedded, table: &str) -> Vec<Value> {
    let contents = services.contents().tables.remove(table);
    contents.unwrap_or_default()
}

/// Rows as the table's type.
#[expect(
    clippy::panic,
    reason = "a test that finds something else fails, and says what"
)]
pub(super) fn typed<T: DeserializeOwned>(rows: Vec<Value>) -> Vec<T> {
    let rows = rows.into_iter();
    rows.map(|row| {
        serde_json::from_value(row.clone()).unwrap_or_else(|error| panic!("{error} in {row}"))
    })
    .collect()
}

/// The states that were entered, without those that only choose where to go on.
fn entered(history: &[HistoryEvent]) -> Vec<&str> {
    let entered = history.iter().filter_map(|event| match &event.detail {
        Detail::StateEntered { kind, name, .. } if kind.name() != "Choice" => Some(&**name),
        _ => None,
    });
    entered.collect()
}
