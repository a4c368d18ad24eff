//! One state on its own, with a mocked result: what the API's `TestState` does.

mod inspect;
mod map;
mod run;
mod validate;

use std::sync::Arc;

use saga_asl::data::{Data, Object};

use crate::fault::Failure;
use crate::time::Timestamp;

pub use validate::Invalid;

/// A state to be tried, and what with.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// The state's input.
    pub input: Data,
    /// The variables in scope.
    pub variables: Object,
    /// The context object, where it is not to be made up.
    pub context: Option<Data>,
    /// The ARN of the role that the state runs with.
    pub role: Option<Arc<str>>,
    /// What stands in for a service's, a branch's or an iteration's result.
    pub mock: Option<Mock>,
    /// How often the retrier that matches has been used.
    pub retries: u32,
    /// How many iterations of a Map have failed.
    pub failed_iterations: Option<usize>,
    /// What the item reader of a Map has found.
    pub items: Option<Data>,
    /// The time.
    pub now: Timestamp,
}

/// A mocked result.
#[derive(Clone, Debug)]
pub enum Mock {
    /// Success.
    Result(Data),
    /// Failure.
    Error(Failure),
}

/// What came of a trial.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// How the state ended.
    pub status: Verdict,
    /// Its output.
    pub output: Option<Data>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// The state that would go on.
    pub next: Option<Arc<str>>,
    /// The data after each step of processing, by the names that the API has for them.
    pub data: Vec<(&'static str, Data)>,
}

/// How a tried state ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It succeeded.
    #[default]
    Succeeded,
    /// It failed, and nothing handles that.
    Failed,
    /// It failed and would be tried again.
    Retriable,
    /// It failed, and a catcher handles that.
    Caught,
}

impl Verdict {
    /// The name that the API has for it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Succeeded => "SUCCEEDED",
            Verdict::Failed => "FAILED",
            Verdict::Retriable => "RETRIABLE",
            Verdict::Caught => "CAUGHT_ERROR",
        }
    }
}
