//! What a delivery is answered.

use serde::{Deserialize, Serialize};

use crate::record::Record;

/// Another delivery of the same step may still be at work. To be tried again when its lease is over.
pub const IN_PROGRESS: &str = "SagaInProgress";

/// The step may have been done: by an attempt before one that was refused, or by one whose answer could
/// not be kept.
pub const UNKNOWN_OUTCOME: &str = "SagaUnknownOutcome";

/// A do that came after its undo began, or after recovery forbade it: it was not done.
pub const LATE_DO: &str = "SagaLateDo";

/// The fence could not be reached before the handler acted. An unknown outcome: another delivery of the
/// same attempt may have reached it.
pub const UNAVAILABLE: &str = "SagaFenceUnavailable";

/// The errors that fences report, with whether the step may have happened.
pub const ALL_ERRORS: [(&str, Outcome); 4] = [
    (IN_PROGRESS, Outcome::Unknown),
    (UNKNOWN_OUTCOME, Outcome::Unknown),
    (LATE_DO, Outcome::NotDone),
    (UNAVAILABLE, Outcome::Unknown),
];

/// How a handler's work ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With this answer, as JSON text.
    Answered(String),
    /// With an error.
    Failed(Failure),
}

/// A handler's error, as it is reported and kept: without anything sensitive.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Failure {
    /// The `errorType`.
    pub name: String,
    /// What happened.
    pub message: String,
    /// What it says about the effect.
    pub outcome: Outcome,
}

/// Whether a failure may have had its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Surely not.
    NotDone,
    /// Nobody knows.
    Unknown,
}

/// What the state machine is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The answer, as JSON text: the first one, whoever asks.
    Answer(String),
    /// There was nothing to undo, or it is undone already.
    Nothing,
    /// An error.
    Failed(Failure),
    /// Another delivery may be at work until then, in milliseconds since 1970.
    Wait(u64),
    /// The seal is set: what it was set on.
    Sealed(Record),
}

impl Failure {
    /// An unknown outcome that the fence found.
    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self {
            name: UNKNOWN_OUTCOME.into(),
            message: message.into(),
            outcome: Outcome::Unknown,
        }
    }

    /// A do that is no longer wanted.
    pub(crate) fn late() -> Self {
        Self {
            name: LATE_DO.into(),
            message: "the step was undone, or is being undone: it is not done any more".into(),
            outcome: Outcome::NotDone,
        }
    }

    /// A fence that did not answer.
    pub(crate) fn unavailable(message: &str) -> Self {
        Self {
            name: UNAVAILABLE.into(),
            message: format!("the step's fence could not be read or written: {message}"),
            outcome: Outcome::Unknown,
        }
    }

    /// What [`Reply::Wait`] is reported as where nobody waits for it.
    #[must_use]
    pub fn in_progress() -> Self {
        Self {
            name: IN_PROGRESS.into(),
            message: "another delivery of this step may still be at work".into(),
            outcome: Outcome::Unknown,
        }
    }
}
