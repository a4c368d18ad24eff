//! The transition: what becomes of a record when something happened.

use saga_fence::{Failure, Order, Reply};
use saga_manifest::step::Kind;
use serde_json::Value;

use crate::cause::Told;
use crate::event::{Action, Event};
use crate::follow::follow;
use crate::record::{Error, Record, Stage, Task};
use crate::{Choreography, retry};

/// The name of an attempt's failure that nobody answered in time: what retriers of the other target call it.
const TIMEOUT: &str = "States.Timeout";

/// Something that happened to a saga.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// An attempt came to an end.
    Answered(Outcome),
    /// The time of an attempt is over.
    Overdue {
        /// The step.
        step: String,
        /// Whether of its undo.
        undo: bool,
        /// Which attempt.
        order: Order,
    },
    /// The time of a do's last attempt is over, and it is still at work: whoever acts ends then, and nobody else begins.
    AtWork {
        /// The step.
        step: String,
        /// Which attempt.
        order: Order,
        /// Until when, in milliseconds since 1970.
        until: u64,
    },
    /// A pause is over.
    Resumed(String),
    /// An operator lets it go on.
    Redriven,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The step.
    pub step: String,
    /// Whether its undo was attempted.
    pub undo: bool,
    /// Which attempt.
    pub order: Order,
    /// What its fence says, or the handler without one.
    pub reply: Reply,
}

impl Happened {
    /// What an event says that asks for no handler's work. One that checks on an attempt is told what
    /// is in its fence: whoever did the work may have died before it wrote that down.
    #[must_use]
    pub fn of(event: &Event, fence: Option<&saga_fence::Record>) -> Option<Self> {
        let step = event.step.clone();
        let undo = event.action.is_undo();
        match event.action {
            Action::CheckDo | Action::CheckUndo => {
                let (step, order) = (step?, event.order());
                Some(match settled(fence, undo) {
                    Some(reply) => Self::Answered(Outcome {
                        step,
                        undo,
                        order,
                        reply,
                    }),
                    None => Self::Overdue { step, undo, order },
                })
            }
            Action::Resume => Some(Self::Resumed(step?)),
            Action::Redrive => Some(Self::Redriven),
            _ => None,
        }
    }
}

impl Happened {
    /// What a check says of a do that is given up ([`Choreography::gives_up`]), from its fence after that was sealed: nobody begins
    /// to do it any more.
    #[must_use]
    pub fn of_sealed(event: &Event, fence: &saga_fence::Record, now: u64) -> Option<Self> {
        if fence.stage == saga_fence::Stage::Begun && now < fence.by.until {
            return Some(Self::AtWork {
                step: event.step.clone()?,
                order: event.order(),
                until: fence.by.until,
            });
        }
        Self::of(event, Some(fence))
    }
}

/// What a fence would answer at once.
fn settled(fence: Option<&saga_fence::Record>, undo: bool) -> Option<Reply> {
    use saga_fence::Stage::{Done, Tombstone, Undone};
    let record = fence?;
    match (&record.stage, undo) {
        (Done, false) => Some(Reply::Answer(record.answer.clone()?)),
        (Undone | Tombstone, true) => Some(Reply::Nothing),
        _ => None,
    }
}

impl Choreography {
    /// The first record of a saga. `cause` is the id of the event that asked for it.
    #[must_use]
    pub fn begin(&self, id: &str, input: Value, cause: &str, now: u64) -> Record {
        let mut record = Record {
            revision: 1,
            saga: self.saga.name.clone(),
            version: self.version.clone(),
            id: id.to_owned(),
            input,
            started: now,
            redrives: 0,
            steps: Default::default(),
            pauses: Default::default(),
            error: None,
            ended: None,
            outbox: Vec::new(),
        };
        follow(self, &mut record, Told::Started, cause, now, false);
        record
    }

    /// The event by which an operator lets a saga go on.
    #[must_use]
    pub fn redrive_request(&self, saga: &str, id: &str) -> Event {
        Event {
            saga: self.saga.name.clone(),
            sagaid: saga.to_owned(),
            sagaversion: self.version.clone(),
            ..Event::new(id.to_owned(), self.named(&Told::Requested), Action::Redrive)
        }
    }

    /// The record that follows from what happened; none where nothing follows, because it is known already, or
    /// nobody waits for it any more.
    #[must_use]
    pub fn advance(
        &self,
        record: &Record,
        happened: &Happened,
        cause: &str,
        now: u64,
    ) -> Option<Record> {
        if record.ended.is_some() {
            return None;
        }
        let mut next = record.clone();
        next.outbox.clear();
        next.revision += 1;
        let told = match happened {
            Happened::Answered(outcome) => self.answered(&mut next, outcome, now)?,
            Happened::Overdue { step, undo, order } => {
                self.overdue(&mut next, (step, *undo), *order, now)?
            }
            Happened::AtWork { step, order, until } => at_work(&mut next, step, *order, *until)?,
            Happened::Resumed(name) => resumed(&mut next, name)?,
            Happened::Redriven => redriven(&mut next, now),
        };
        follow(self, &mut next, told, cause, now, record.is_parked());
        Some(next)
    }

    /// Whether a do is given up by this, which may have been done or be delivered late. Its fence is to be sealed before that is
    /// written down: what is undone then meets nothing that is done after it.
    #[must_use]
    pub fn gives_up(&self, record: &Record, happened: &Happened, now: u64) -> bool {
        let Happened::Overdue {
            step,
            undo: false,
            order,
        } = happened
        else {
            return false;
        };
        if record.ended.is_some() || !self.is_fenced(step, false) {
            return false;
        }
        let mut next = record.clone();
        let told = self.overdue(&mut next, (step, false), *order, now);
        let fact = next.steps.get(step).filter(|_| told.is_some());
        fact.is_some_and(|fact| matches!(fact.forward.stage, Stage::Unsure(_)))
    }

    fn answered(&self, record: &mut Record, outcome: &Outcome, now: u64) -> Option<Told> {
        let Outcome {
            step, undo, order, ..
        } = outcome;
        let task = task(record, step, *undo)?;
        let waits = task.is_open() || matches!(task.stage, Stage::Parked(_));
        let is_current = task.order == *order && task.stage == Stage::Asked;
        let done = match undo {
            false => Told::Done(step.clone()),
            true => Told::Undone(step.clone()),
        };
        match &outcome.reply {
            // Whatever attempt it is of: a fence gives all of them the same one.
            Reply::Answer(json) if waits => {
                task.stage = Stage::Done(serde_json::from_str(json).unwrap_or_default());
                Some(done)
            }
            Reply::Nothing if waits && *undo => {
                task.stage = Stage::Done(Value::Null);
                Some(done)
            }
            Reply::Wait(until) if is_current && retry::may_wait(task) => {
                task.stage = Stage::Due((*until).max(now));
                Some(Told::Retried(step.clone()))
            }
            Reply::Failed(failure) if is_current => {
                Some(self.failed(record, (step, *undo), failure.clone(), now))
            }
            _ => None,
        }
    }

    fn overdue(
        &self,
        record: &mut Record,
        (step, undo): (&str, bool),
        order: Order,
        now: u64,
    ) -> Option<Told> {
        let task = task(record, step, undo)?;
        // An attempt that was asked for again since has a later look at it.
        if task.order != order || task.stage != Stage::Asked || now < task.until {
            return None;
        }
        let failure = Failure {
            name: TIMEOUT.to_owned(),
            message: "nobody answered in time".to_owned(),
            outcome: saga_fence::Outcome::Unknown,
        };
        Some(self.failed(record, (step, undo), failure, now))
    }

    /// An attempt failed: it is tried again, or given up.
    fn failed(
        &self,
        record: &mut Record,
        (step, undo): (&str, bool),
        failure: Failure,
        now: u64,
    ) -> Told {
        let id = record.id.clone();
        let call = self.call(step, undo);
        let (Some(task), Some(call)) = (task(record, step, undo), call) else {
            return Told::Failed(step.to_owned());
        };
        task.doubtful |= failure.outcome == saga_fence::Outcome::Unknown;
        if let Some(delay) = retry::next(task, call, &failure.name, &id) {
            task.order.attempt += 1;
            task.stage = Stage::Due(now + delay);
            return Told::Retried(step.to_owned());
        }
        match retry::is_settled(call, &failure) {
            true => task.doubtful = false,
            false => task.doubtful |= task.order.attempt > 0 && retry::repeats_unknown(call),
        }
        task.stage = self.given_up(step, undo, task.doubtful, failure.clone());
        if !matches!(task.stage, Stage::Parked(_)) && record.error.is_none() {
            record.error = Some(Error {
                step: step.to_owned(),
                name: failure.name,
                message: failure.message,
            });
        }
        Told::Failed(step.to_owned())
    }

    /// Where a step is that is not tried again by itself.
    fn given_up(&self, step: &str, undo: bool, doubtful: bool, failure: Failure) -> Stage {
        let kind = self.step(step).map(|step| &step.kind);
        match kind {
            _ if undo || self.is_forward(step) => Stage::Parked(failure),
            Some(Kind::Pivot) if doubtful => Stage::Parked(failure),
            Some(Kind::Compensatable { .. }) if doubtful => Stage::Unsure(failure),
            _ => Stage::NotDone(failure),
        }
    }
}

fn task<'r>(record: &'r mut Record, step: &str, undo: bool) -> Option<&'r mut Task> {
    let fact = record.steps.get_mut(step)?;
    match undo {
        false => Some(&mut fact.forward),
        true => fact.backward.as_mut(),
    }
}

/// Looks again when whoever is at work must have ended.
fn at_work(record: &mut Record, step: &str, order: Order, until: u64) -> Option<Told> {
    let task = task(record, step, false)?;
    let waits = task.order == order && task.stage == Stage::Asked && until > task.until;
    waits.then(|| {
        task.until = until;
        task.looks_again = true;
        Told::Overdue(step.to_owned())
    })
}

fn resumed(record: &mut Record, name: &str) -> Option<Told> {
    let pause = record.pauses.get_mut(name)?;
    let goes_on = !std::mem::replace(&mut pause.over, true);
    goes_on.then(|| Told::Done(name.to_owned()))
}

/// What is parked begins anew; what is asked for is asked for again, in case the event was lost.
fn redriven(record: &mut Record, now: u64) -> Told {
    record.redrives += 1;
    let redrive = record.redrives;
    for task in record.tasks_mut() {
        if matches!(task.stage, Stage::Parked(_)) {
            *task = Task {
                doubtful: task.doubtful,
                ..Task::new(now, redrive)
            };
        } else if task.stage == Stage::Asked {
            task.stage = Stage::Due(now);
        }
    }
    Told::Redriven
}
