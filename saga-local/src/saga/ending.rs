//! How a saga ended.

use saga_engine::execution::{Execution, Outcome, Status};
use saga_engine::history::{Detail, HistoryEvent};

use super::Prepared;

/// The error of an execution whose saga was compensated.
const COMPENSATED: &str = "SagaCompensated";

/// A saga's end, or what is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All steps are done.
    Completed,
    /// All that was done is undone.
    Compensated,
    /// A compensation, or a step from the pivot on, waits for an operator.
    Parked,
    /// The execution failed otherwise: no saga ends so.
    Failed,
}

impl Ending {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Compensated => "compensated",
            Self::Parked => "parked",
            Self::Failed => "failed",
        }
    }
}

/// A run that is over.
#[derive(Debug)]
pub struct Ended {
    /// How the saga ended.
    pub ending: Ending,
    /// How the execution did.
    pub outcome: Outcome,
    /// The execution, with its history.
    pub execution: Execution,
}

impl Ended {
    pub(super) fn of(saga: &Prepared, execution: Execution, outcome: Outcome) -> Self {
        let error = outcome
            .failure
            .as_ref()
            .and_then(|failure| failure.error.as_deref());
        let ending = match (outcome.status, last_state(execution.history())) {
            (Status::Succeeded, _) => Ending::Completed,
            (Status::Failed, Some(state)) if saga.parked.contains(state) => Ending::Parked,
            (Status::Failed, _) if error == Some(COMPENSATED) => Ending::Compensated,
            _ => Ending::Failed,
        };
        Self {
            ending,
            outcome,
            execution,
        }
    }
}

/// The state that was entered last.
fn last_state(history: &[HistoryEvent]) -> Option<&str> {
    history.iter().rev().find_map(|event| match &event.detail {
        Detail::StateEntered { name, .. } => Some(&**name),
        _ => None,
    })
}
