//! What an error says about a call's effect, and which errors say that nobody knows.

use saga_engine::execution::{Event, TaskId};
use saga_engine::fault::{Failure, Origin};
use saga_manifest::error::Outcome;
use saga_manifest::step::Call;

use super::World;
use crate::ledger::Fate;
use crate::task::LOST;
use crate::work::{Means, Work};

impl<'m> World<'m> {
    /// The call that some work is for.
    pub(crate) fn call(&self, work: &Work) -> Option<&'m Call> {
        match work.undo {
            true => self.steps.undo(&work.key),
            false => self.steps.step(&work.key).map(|step| &step.call),
        }
    }

    /// What an error of that name says about a call's effect.
    pub(crate) fn fate_of(&self, work: &Work, error: &str) -> Fate {
        let errors = self.call(work).map(|call| call.errors.as_slice());
        let mut errors = errors.unwrap_or_default().iter();
        match errors.any(|known| known.name == error && known.outcome == Outcome::NotDone) {
            true => Fate::Refused,
            false => self.lost_fate(work),
        }
    }

    /// What became of a call that nobody knows anything of.
    pub(crate) fn lost_fate(&self, work: &Work) -> Fate {
        let record = self.ledger.records.get(&work.key);
        match record.is_some_and(|record| record.effect != work.undo) {
            true => Fate::LostAfter,
            false => Fate::LostBefore,
        }
    }

    /// How it is said that nobody knows what became of a call.
    pub(crate) fn lost(&mut self, work: &Work) -> String {
        let own = match &work.means {
            Means::Fenced(_) | Means::Unfenced => ["Lambda.Unknown", LOST],
            Means::Row { .. } => [
                "DynamoDB.InternalServerErrorException",
                "DynamoDB.SdkClientException",
            ],
            Means::Message | Means::Question(_) => {
                ["SNS.SdkClientException", "SQS.SdkClientException"]
            }
            Means::Saga => [
                "StepFunctions.SdkClientException",
                "StepFunctions.ExecutionLimitExceeded",
            ],
        };
        // Of a question, a timeout says that nobody answered.
        let asks = matches!(work.means, Means::Question(_));
        let all = own.into_iter().chain(["States.DataLimitExceeded"]);
        let all: Vec<_> = all.chain((!asks).then_some("States.Timeout")).collect();
        self.dice.one_of(&all).map_or(LOST, |name| name).to_owned()
    }
}

/// A task that fails with that error.
pub(super) fn failed(task: TaskId, error: &str) -> Event {
    match error {
        "States.Timeout" => Event::TaskTimedOut(task),
        "States.HeartbeatTimeout" => Event::TaskFailed(
            task,
            Failure {
                origin: Origin::Heartbeat,
                ..Failure::new(error, "no sign of life")
            },
        ),
        error => Event::TaskFailed(task, Failure::new(error, "as it was told to")),
    }
}
