//! Fences: a delivery goes through the record of its step before the handler acts, and what the handler
//! answered is kept there. The rules are `saga_fence`'s; this is the table they are kept in.

mod table;

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use saga_dsl::handler::{Context, Failure, Phase};
use saga_fence::table::VARIABLE;
use saga_fence::{Delivery, Ended, Key, Order, Reply, UNAVAILABLE, pass};
use saga_manifest::error::Outcome;

use crate::timestamp::Timestamp;
pub(crate) use table::Table;

/// Milliseconds by which the clocks of two sandboxes may differ: so much longer a lease lasts.
const SKEW: u64 = 500;

/// The longest time in milliseconds that a delivery waits for another one itself. What takes longer is left
/// to the retrier, which does not pay for the time.
const PATIENCE: u64 = 2_000;

/// Milliseconds that are left of a delivery's time when it stops to wait.
const RESERVE: u64 = 1_000;

/// What a delivery's event says for its fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fenced {
    /// Its place among the deliveries of its step.
    pub(crate) order: Order,
    /// When the state machine made it, in milliseconds since 1970.
    pub(crate) sent: u64,
}

/// A handler's fences.
pub(crate) struct Fences(Option<Table>);

impl Fences {
    /// The fences in the table that the environment names. Nothing is connected to before there is need.
    pub(crate) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let chosen = |name: &str| variable(name).filter(|value| !value.is_empty());
        Self(chosen(VARIABLE).map(|name| Table::new(name, chosen)))
    }

    /// The table, which holds the records of sagas by events, too.
    pub(crate) fn table(&self) -> Result<&Table, Failure> {
        self.0.as_ref().ok_or_else(no_table)
    }

    /// Opens the connection, while the handler starts: the first invocation does not wait for it then.
    pub(crate) async fn connect(&self) {
        if let Some(table) = &self.0 {
            table.connect().await;
        }
    }

    /// Lets a delivery through, or answers in its handler's place. `act` is the handler's work, with an
    /// answer in JSON and errors without anything sensitive.
    pub(crate) async fn guard(
        &self,
        fenced: Fenced,
        context: &Context,
        act: impl Future<Output = Result<String, Failure>>,
    ) -> Result<String, Failure> {
        let Some(table) = &self.0 else {
            return Err(no_table());
        };
        let key = Key::new(&context.saga_id, &context.step, context.item.as_deref());
        let mut act = pin!(async { act.await.map_or_else(failed, Ended::Answered) });
        // The state machine's time counts where it is ahead, since a run that skips waits has a time of its own;
        // from here on it goes by as the machine's does.
        let ahead = fenced.sent.saturating_sub(Timestamp::now().millis());
        loop {
            let clock = Timestamp::now().millis();
            let left = Timestamp::of(context.deadline)
                .millis()
                .saturating_sub(clock);
            let now = clock.saturating_add(ahead);
            let delivery = Delivery {
                phase: phase(context.phase),
                order: fenced.order,
                id: context.request_id.clone(),
                now,
                until: now + left + SKEW,
            };
            match pass(table, &key, delivery, act.as_mut()).await {
                Reply::Answer(json) => return Ok(json),
                Reply::Nothing | Reply::Sealed(_) => return Ok("null".to_owned()),
                Reply::Failed(failure) => return Err(reported(failure)),
                Reply::Wait(until) => {
                    let wait = until.saturating_sub(now);
                    if wait > PATIENCE || wait + RESERVE > left {
                        return Err(reported(saga_fence::Failure::in_progress()));
                    }
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                }
            }
        }
    }
}

/// Seals a fence: whoever comes later does nothing. Gives what it remembers.
pub(crate) async fn seal(
    table: &Table,
    key: &Key,
    order: Order,
    id: &str,
) -> Result<saga_fence::Record, Failure> {
    let now = Timestamp::now().millis();
    let delivery = Delivery {
        phase: saga_fence::Phase::Seal,
        order,
        id: id.to_owned(),
        now,
        until: now,
    };
    // A seal never acts.
    match pass(table, key, delivery, pin!(std::future::pending())).await {
        Reply::Sealed(record) => Ok(record),
        Reply::Failed(failure) => Err(reported(failure)),
        Reply::Answer(_) | Reply::Nothing | Reply::Wait(_) => Err(Failure {
            name: UNAVAILABLE.into(),
            message: format!("the fence of `{key}` was not sealed"),
            outcome: Outcome::Unknown,
        }),
    }
}

fn phase(phase: Phase) -> saga_fence::Phase {
    match phase {
        Phase::Do => saga_fence::Phase::Do,
        Phase::Undo => saga_fence::Phase::Undo,
    }
}

fn failed(handlers: Failure) -> Ended {
    Ended::Failed(failure(handlers))
}

/// A handler's failure as fences keep it.
pub(crate) fn failure(failure: Failure) -> saga_fence::Failure {
    saga_fence::Failure {
        name: failure.name,
        message: failure.message,
        outcome: match failure.outcome {
            Outcome::NotDone => saga_fence::Outcome::NotDone,
            Outcome::Unknown => saga_fence::Outcome::Unknown,
        },
    }
}

fn reported(failure: saga_fence::Failure) -> Failure {
    Failure {
        name: failure.name,
        message: failure.message,
        outcome: match failure.outcome {
            saga_fence::Outcome::NotDone => Outcome::NotDone,
            saga_fence::Outcome::Unknown => Outcome::Unknown,
        },
    }
}

fn no_table() -> Failure {
    Failure {
        name: UNAVAILABLE.into(),
        message: format!(
            "`{VARIABLE}` is not set: deploy the function with the template that `saga-cli generate` writes"
        ),
        outcome: Outcome::Unknown,
    }
}
