//! What follows from all that happened: the saga is walked from its start, past what is done, to where
//! somebody has to be asked for something. Walking it again asks for nothing twice.

mod backward;
mod forward;

use std::collections::BTreeMap;

use saga_manifest::step::Call;
use saga_manifest::task::Task as Target;
use serde_json::Value;

use crate::Choreography;
use crate::cause::Told;
use crate::evaluate::{Scope, value};
use crate::event::{Action, Event};
use crate::record::{Ended, Message, Record, Stage, Task};
use crate::view::view;
use forward::Progress;

/// Milliseconds that an attempt is given besides its handler's own time: the way of its event, a start, and the
/// way of the answer. One-time schedules of EventBridge Scheduler are late by up to a minute.
const ALLOWANCE: u64 = 60_000;

/// A walk over a record.
pub(crate) struct Walk<'c> {
    choreography: &'c Choreography,
    record: &'c mut Record,
    /// The values of what is done, by name.
    values: BTreeMap<&'c str, Value>,
    now: u64,
    cause: &'c str,
    told: Told,
}

/// Adds what follows to a record, and the events that say so. An operator who was told that it is parked is not
/// told again.
pub(crate) fn follow(
    choreography: &Choreography,
    record: &mut Record,
    told: Told,
    cause: &str,
    now: u64,
    was_parked: bool,
) {
    let mut walk = Walk {
        choreography,
        record,
        values: BTreeMap::new(),
        now,
        cause,
        told,
    };
    let body = &choreography.saga.body;
    match walk.block(body) {
        Progress::Going | Progress::Value(_) => {}
        Progress::Completed(output) => walk.end(Ended::Completed(output)),
        Progress::Failed => {
            if walk.undo(body) {
                walk.end(Ended::Compensated);
            }
        }
    }
    if walk.record.is_parked() && !was_parked {
        let data = view(walk.record);
        walk.publish(&Told::Parked, Action::Parked, data);
    }
}

impl<'c> Walk<'c> {
    fn end(&mut self, ended: Ended) {
        let (action, told, data) = match &ended {
            Ended::Completed(output) => (Action::Completed, Told::Completed, output.clone()),
            Ended::Compensated => {
                let error = serde_json::to_value(&self.record.error);
                (
                    Action::Compensated,
                    Told::Compensated,
                    error.unwrap_or_default(),
                )
            }
        };
        self.record.ended = Some(ended);
        let last = self.told.clone();
        // Whoever subscribes to what the author named hears of the last step, too, though nothing follows it.
        if self.choreography.own_name(&last).is_some() {
            self.publish(&last, action, data.clone());
        }
        self.publish(&told, action, data);
    }

    /// Asks for a do or an undo that is due, and for a look at it when its time is over.
    fn ask(&mut self, step: &'c str, call: &Call, undo: bool, task: &mut Task) {
        let (action, check) = match undo {
            false => (Action::Do, Action::CheckDo),
            true => (Action::Undo, Action::CheckUndo),
        };
        let overdue = Told::Overdue(step.to_owned());
        let Stage::Due(at) = task.stage else {
            if std::mem::take(&mut task.looks_again) {
                let until = Some(task.until);
                self.publish_for(&overdue, check, (step, task), Value::Null, until);
            }
            return;
        };
        let Target::Lambda { input, .. } = &call.task else {
            return;
        };
        let data = value(input, self);
        task.stage = Stage::Asked;
        task.until = at + u64::from(call.timeout_seconds) * 1_000 + ALLOWANCE;
        let told = self.told.clone();
        let later = (at > self.now).then_some(at);
        let until = task.until;
        self.publish_for(&told, action, (step, task), data, later);
        self.publish_for(&overdue, check, (step, task), Value::Null, Some(until));
    }

    fn publish_for(
        &mut self,
        told: &Told,
        action: Action,
        (step, task): (&str, &Task),
        data: Value,
        not_before: Option<u64>,
    ) {
        let event = Event {
            step: Some(step.to_owned()),
            attempt: task.order.attempt,
            redrive: task.order.redrive,
            entered: task.order.entered,
            data,
            ..self.event(told, action)
        };
        self.record.outbox.push(Message { event, not_before });
    }

    /// Publishes what is asked of nobody in particular.
    fn publish(&mut self, told: &Told, action: Action, data: Value) {
        let event = Event {
            data,
            ..self.event(told, action)
        };
        let not_before = None;
        self.record.outbox.push(Message { event, not_before });
    }

    fn event(&self, told: &Told, action: Action) -> Event {
        let record = &self.record;
        let number = record.outbox.len();
        let id = format!("{}/{}.{number}", record.id, record.revision);
        Event {
            saga: record.saga.clone(),
            sagaid: record.id.clone(),
            sagaversion: record.version.clone(),
            causationid: self.cause.to_owned(),
            ..Event::new(id, self.choreography.named(told), action)
        }
    }
}

impl Scope for Walk<'_> {
    fn input(&self) -> Value {
        self.record.input.clone()
    }

    fn saga_id(&self) -> Value {
        self.record.id.clone().into()
    }

    fn output(&self, name: &str) -> Value {
        self.values.get(name).cloned().unwrap_or_default()
    }

    fn item(&self, _: &str) -> Value {
        Value::Null
    }

    fn item_index(&self, _: &str) -> Value {
        Value::Null
    }
}
