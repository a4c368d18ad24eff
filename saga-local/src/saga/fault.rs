//! Faults, injected by step or by chance.

use std::time::Duration;

use super::address::{Address, Site};
use super::chances::Chances;

/// What goes wrong with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails with this error, and does not run.
    Fail(String),
    /// It runs, and its answer never comes: the task times out.
    Timeout,
    /// It dies after its effect, before its answer; a service answers with an error of its own.
    Crash,
    /// It runs, and its execution is aborted before its answer comes.
    Abort,
    /// It is delivered twice: the caller did not get the first answer, and asked again.
    Duplicate,
    /// It is delivered so much later, when the task has timed out; nobody waits for its answer.
    Late(Duration),
    /// It is delivered as it should be, and again so much later; nobody waits for that answer.
    Stray(Duration),
}

/// The faults of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    by_address: Vec<(Address, Fault)>,
    attempts: Option<u32>,
    chances: Chances,
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
            attempts,
            ..Self::default()
        }
    }

    /// Faults that hit what they hit by chance.
    #[must_use]
    pub fn by_chance(chances: Chances) -> Self {
        Self {
            chances,
            ..Self::default()
        }
    }

    /// Adds a fault of a step, an undo state or a notification, as an [`Address`] names it; `known` are all
    /// there are.
    ///
    /// # Errors
    /// When there is no such state, or it has a fault already.
    pub fn add(&mut self, state: &str, fault: Fault, known: &[String]) -> Result<(), FaultError> {
        let Some(address) = Address::find(state, known) else {
            return Err(FaultError::UnknownStep {
                name: state.into(),
                known: known.to_vec(),
            });
        };
        if self.by_address.iter().any(|(given, _)| *given == address) {
            return Err(FaultError::Twice(state.into()));
        }
        self.by_address.push((address, fault));
        Ok(())
    }

    /// What hits this attempt (from 0) of a state. A parked state repeats the call of the state that ran
    /// out of retries: what hits every attempt of that one hits it, too.
    #[must_use]
    pub fn hitting(&self, site: &Site<'_>, attempt: u32) -> Option<&Fault> {
        let chosen = self.chosen(site, attempt);
        chosen.or_else(|| self.chances.drawn(site, attempt))
    }

    fn chosen(&self, site: &Site<'_>, attempt: u32) -> Option<&Fault> {
        match (self.at(site), self.attempts) {
            (Some(fault), None) => Some(fault),
            (Some(fault), Some(attempts)) => (attempt < attempts).then_some(fault),
            (None, None) => self.at(&Site {
                state: site.state.strip_suffix("Parked")?,
                ..*site
            }),
            (None, Some(_)) => None,
        }
    }

    fn at(&self, site: &Site<'_>) -> Option<&Fault> {
        let mut given = self.by_address.iter();
        given
            .find(|(address, _)| address.leads_to(site))
            .map(|(_, fault)| fault)
    }
}
