//! Faults, injected by step.

use std::collections::BTreeMap;

/// What goes wrong with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails with this error, and does not run.
    Fail(String),
    /// It runs, and its answer never comes: the task times out.
    Timeout,
    /// It dies after its effect, before its answer; a service answers with an error of its own.
    Crash,
    /// It is delivered twice: the caller did not get the first answer, and asked again.
    Duplicate,
}

/// The faults of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    by_state: BTreeMap<String, Fault>,
    attempts: Option<u32>,
}

/// Why a fault cannot be injected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The saga has no such step.
    #[error("the saga has no step `{name}`")]
    UnknownStep {
        /// What was named.
        name: String,
        /// The states that do or undo something.
        known: Vec<String>,
    },
    /// A step has a fault already.
    #[error("two faults are given for `{0}`")]
    Twice(String),
}

impl Faults {
    /// Faults that hit only the first so many attempts of a step; each of them without a number.
    #[must_use]
    pub fn on_attempts(attempts: Option<u32>) -> Self {
        Self {
            by_state: BTreeMap::new(),
            attempts,
        }
    }

    /// Adds a fault of a step, an undo state or a notification; `known` are all there are.
    ///
    /// # Errors
    /// When there is no such state, or it has a fault already.
    pub fn add(&mut self, state: &str, fault: Fault, known: &[String]) -> Result<(), FaultError> {
        if !known.iter().any(|name| name == state) {
            return Err(FaultError::UnknownStep {
                name: state.into(),
                known: known.to_vec(),
            });
        }
        match self.by_state.insert(state.into(), fault) {
            None => Ok(()),
            Some(_) => Err(FaultError::Twice(state.into())),
        }
    }

    /// What hits this attempt (from 0) of a state. A parked state repeats the call of the state that ran
    /// out of retries: what hits every attempt of that one hits it, too.
    #[must_use]
    pub fn hitting(&self, state: &str, attempt: u32) -> Option<&Fault> {
        match (self.by_state.get(state), self.attempts) {
            (Some(fault), None) => Some(fault),
            (Some(fault), Some(attempts)) => (attempt < attempts).then_some(fault),
            (None, None) => self.by_state.get(state.strip_suffix("Parked")?),
            (None, Some(_)) => None,
        }
    }
}
