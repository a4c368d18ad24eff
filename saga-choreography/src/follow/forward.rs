//! The forward way.

use saga_manifest::flow::{Abort, Block, Choice, End, Node, Parallel, Until, Wait};
use saga_manifest::step::Step;
use serde_json::Value;

use super::Walk;
use crate::cause::Told;
use crate::evaluate::{holds, instant, value};
use crate::event::{Action, Event};
use crate::record::{Error, Fact, Message, Pause, Stage, Task};

/// How far a part of a saga has come.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Progress {
    /// Somebody is at work in it.
    Going,
    /// It failed, and nobody is at work in it.
    Failed,
    /// It is over, with this value.
    Value(Value),
    /// The saga is, with this output.
    Completed(Value),
}

impl<'c> Walk<'c> {
    pub(super) fn block(&mut self, block: &'c Block) -> Progress {
        for node in &block.nodes {
            match self.node(node) {
                Progress::Value(value) => self.values.insert(node.name(), value),
                other => return other,
            };
        }
        match &block.end {
            End::Continue(of) => Progress::Value(value(of, self)),
            End::Complete(of) => Progress::Completed(value(of, self)),
            End::Abort(abort) => self.abort(abort),
        }
    }

    fn node(&mut self, node: &'c Node) -> Progress {
        match node {
            Node::Step(step) => self.step(step),
            Node::Parallel(parallel) => self.parallel(parallel),
            Node::Choice(choice) => self.choice(choice),
            Node::Wait(wait) => self.pause(wait),
            // Refused: no choreography has one.
            Node::Map(_) | Node::Savepoint(_) => Progress::Going,
        }
    }

    fn step(&mut self, step: &'c Step) -> Progress {
        let fact = self.record.steps.remove(&step.name);
        let mut fact = fact.unwrap_or_else(|| Fact {
            forward: Task::new(self.now, self.record.redrives),
            backward: None,
        });
        self.ask(&step.name, &step.call, false, &mut fact.forward);
        let progress = match &fact.forward.stage {
            Stage::Due(_) | Stage::Asked | Stage::Parked(_) => Progress::Going,
            Stage::Done(answer) => Progress::Value(answer.clone()),
            Stage::NotDone(_) | Stage::Unsure(_) => Progress::Failed,
        };
        self.record.steps.insert(step.name.clone(), fact);
        progress
    }

    /// The branches do not hear of each other: what fails in one stops there, and the join waits for all.
    fn parallel(&mut self, parallel: &'c Parallel) -> Progress {
        let branches = parallel.branches.iter();
        let ends: Vec<_> = branches.map(|branch| self.block(branch)).collect();
        if ends.contains(&Progress::Going) {
            return Progress::Going;
        }
        let values = ends.into_iter().map(|end| match end {
            Progress::Value(value) => Some(value),
            _ => None,
        });
        match values.collect::<Option<Vec<_>>>() {
            Some(values) => Progress::Value(values.into()),
            None => Progress::Failed,
        }
    }

    /// The data that decide do not change: each walk takes the same way.
    fn choice(&mut self, choice: &'c Choice) -> Progress {
        let mut cases = choice.cases.iter();
        let taken = cases.find(|case| holds(&case.when, self));
        self.block(taken.map_or(&choice.otherwise, |case| &case.then))
    }

    fn pause(&mut self, wait: &'c Wait) -> Progress {
        let until = match self.record.pauses.get(&wait.name) {
            Some(pause) if pause.over => return Progress::Value(Value::Null),
            // The event that ends it may have been lost.
            Some(pause) if self.told == Told::Redriven => pause.until,
            Some(_) => return Progress::Going,
            None => {
                let longest = u64::from(wait.at_most_seconds) * 1_000;
                self.now + self.length(&wait.until).min(longest)
            }
        };
        let pause = Pause { until, over: false };
        self.record.pauses.insert(wait.name.clone(), pause);
        let told = Told::Done(wait.name.clone());
        let event = Event {
            step: Some(wait.name.clone()),
            ..self.event(&told, Action::Resume)
        };
        let not_before = Some(until);
        self.record.outbox.push(Message { event, not_before });
        Progress::Going
    }

    /// How long a pause is, in milliseconds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is no length is none, and a cast saturates"
    )]
    fn length(&self, until: &Until) -> u64 {
        match until {
            Until::Seconds(seconds) => {
                let seconds = value(seconds, self).as_f64().unwrap_or_default();
                (seconds.max(0.0) * 1_000.0) as u64
            }
            Until::Time(time) => {
                let time = value(time, self);
                let at = time.as_str().and_then(instant).unwrap_or_default();
                u64::try_from(at)
                    .unwrap_or_default()
                    .saturating_sub(self.now)
            }
        }
    }

    fn abort(&mut self, abort: &'c Abort) -> Progress {
        if self.record.error.is_none() {
            let cause = value(&abort.cause, self);
            self.record.error = Some(Error {
                step: abort.name.clone(),
                name: abort.error.clone(),
                message: cause
                    .as_str()
                    .map_or_else(|| cause.to_string(), str::to_owned),
            });
        }
        Progress::Failed
    }
}
