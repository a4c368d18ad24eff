//! How a saga ended.

use std::collections::BTreeMap;

use saga_engine::execution::{Execution, Outcome, Status};
use saga_engine::history::{Detail, HistoryEvent};
use saga_manifest::saga::COMPENSATED;

use super::Prepared;
use super::executions::{Executions, Number};

/// The error of an execution that an expression failed which nothing catches.
const EVALUATION: &str = "States.QueryEvaluationError";

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
    /// The executions that its states started, in that order.
    pub nested: Vec<Nested>,
}

/// An execution that a state of another one started.
#[derive(Debug)]
pub struct Nested {
    /// Its state machine.
    pub machine: String,
    /// Its ARN.
    pub arn: String,
    /// The execution, with its history.
    pub execution: Execution,
}

impl Ended {
    /// Whether the execution, or one that its states started, ended as no saga does; or is parked where only a
    /// recovery helps, for an output was lost that its undo requires.
    #[must_use]
    pub fn is_to_be_recovered(&self) -> bool {
        let stopped = |nested: &Nested| {
            let outcome = nested.execution.outcome();
            outcome.is_some_and(|outcome| outcome.status == Status::Aborted)
        };
        let lost = self.ending == Ending::Parked && error(&self.outcome) == Some(EVALUATION);
        lost || self.ending == Ending::Failed || self.nested.iter().any(stopped)
    }

    /// The executions that its states started and that are neither completed nor compensated.
    pub(super) fn unsettled(&self) -> impl Iterator<Item = Number> {
        let nested = self.nested.iter().enumerate();
        let unsettled = nested.filter(|(_, nested)| {
            let outcome = nested.execution.outcome();
            outcome.is_some_and(|outcome| match outcome.status {
                Status::Succeeded => false,
                Status::Failed => error(outcome) != Some(COMPENSATED),
                _ => true,
            })
        });
        unsettled.map(|(position, _)| Number(position + 1))
    }

    /// The end of a run whose first execution is the saga's; none while that runs.
    pub(super) fn of(saga: &Prepared, executions: Executions) -> Option<Self> {
        let (first, nested) = executions.into_parts()?;
        let execution = first.execution;
        let outcome = execution.outcome()?.clone();
        let nested = nested.into_iter().map(|started| Nested {
            machine: started.machine.name.clone(),
            arn: started.arn(),
            execution: started.execution,
        });
        Some(Self {
            ending: ending(saga, &outcome, execution.history()),
            outcome,
            nested: nested.collect(),
            execution,
        })
    }
}

fn error(outcome: &Outcome) -> Option<&str> {
    outcome.failure.as_ref()?.error.as_deref()
}

fn ending(saga: &Prepared, outcome: &Outcome, history: &[HistoryEvent]) -> Ending {
    match outcome.status {
        Status::Succeeded => Ending::Completed,
        Status::Failed if is_parked(saga, history) => Ending::Parked,
        Status::Failed if error(outcome) == Some(COMPENSATED) => Ending::Compensated,
        _ => Ending::Failed,
    }
}

/// Whether the execution stands in a state in which its saga is parked: one that was entered more often than
/// it was left.
fn is_parked(saga: &Prepared, history: &[HistoryEvent]) -> bool {
    let mut inside: BTreeMap<&str, i64> = BTreeMap::new();
    for event in history {
        match &event.detail {
            Detail::StateEntered { name, .. } if saga.parked.contains(&**name) => {
                *inside.entry(name).or_default() += 1;
            }
            Detail::StateExited { name, .. } if saga.parked.contains(&**name) => {
                *inside.entry(name).or_default() -= 1;
            }
            _ => {}
        }
    }
    inside.values().any(|count| *count > 0)
}
