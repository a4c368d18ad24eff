//! Sagas as their package's other functions use them: begun once for a key, and looked at. The same for both targets: what the
//! template sets says which one the saga was deployed to.

mod events;
mod machines;

use saga_dsl::Saga;
use serde_json::Value;

use crate::aws::{Client, Service};
use crate::fence::Fences;

/// The sagas that a function states in its `uses(Orders(start, view))`.
pub struct Sagas {
    fences: Fences,
    machines: Client,
}

/// What became of a request to begin a saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It has begun.
    Now,
    /// It had begun before, with this input: nothing was done.
    Before,
    /// Another one has begun before, with another input: nothing was done.
    Another,
}

/// Where a saga is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Somebody is at work.
    Running,
    /// All steps are done.
    Completed,
    /// What was done is undone.
    Compensated,
    /// It waits for an operator.
    Parked,
}

/// A saga could not be begun or looked at. It may have begun: asking again is safe.
#[derive(Debug, thiserror::Error)]
#[error("the saga could not be reached: {0}")]
pub struct Unreachable(String);

impl Status {
    /// As clients are told it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Compensated => "compensated",
            Self::Parked => "parked",
        }
    }
}

impl Sagas {
    /// The sagas of this function, or of the test that it is in.
    #[must_use]
    pub fn of_function() -> Self {
        let variable = |name: &str| crate::variable(name).filter(|value| !value.is_empty());
        Self {
            fences: Fences::of(variable),
            machines: Client::new(Service::States, variable),
        }
    }

    /// Begins a saga, once for a key: 1 to 80 letters, digits, `-` and `_`.
    ///
    /// # Errors
    /// The saga cannot be reached.
    pub async fn begin<S: Saga>(&self, key: &str, input: &S::Input) -> Result<Begun, Unreachable> {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if !(1..=80).contains(&key.len()) || !key.chars().all(fits) {
            return Err(Unreachable(format!("`{key}` is no key of a saga")));
        }
        let input = serde_json::to_value(input).map_err(|problem| unreachable(&problem))?;
        match machine::<S>() {
            Some(machine) => machines::begin(&self.machines, &machine, key, &input).await,
            None => events::begin::<S>(&self.fences, key, input).await,
        }
    }

    /// Where the saga of a key is; none where none has begun, or it ended more than 90 days ago.
    ///
    /// # Errors
    /// The saga cannot be reached.
    pub async fn status<S: Saga>(&self, key: &str) -> Result<Option<Status>, Unreachable> {
        match machine::<S>() {
            Some(machine) => machines::status(&self.machines, &machine, key).await,
            None => events::status::<S>(&self.fences, key).await,
        }
    }
}

/// The ARN of the saga's state machine, where it has one.
fn machine<S: Saga>() -> Option<String> {
    let name = format!(
        "{}{}",
        saga_manifest::handler::MACHINE_VARIABLE,
        S::declare().name
    );
    crate::variable(&name).filter(|arn| !arn.is_empty())
}

fn unreachable(problem: &dyn std::fmt::Display) -> Unreachable {
    Unreachable(problem.to_string())
}

/// Whether two inputs are one.
fn same(one: &Value, other: &Value) -> Begun {
    match one == other {
        true => Begun::Before,
        false => Begun::Another,
    }
}
