//! The world that an execution talks to: handlers with fences, which fail at random.

use std::collections::BTreeMap;

use saga_asl::data::Data;
use saga_engine::execution::{Event, Invocation, TaskId};
use saga_engine::fault::Failure;
use serde_json::Value;

use crate::dice::Dice;
use crate::flow::{LOST, REFUSED};
use crate::guarantee::{self, Broken};
use crate::ledger::{Attempt, Fate, Ledger};
use crate::order::{Key, Steps};

/// How often attempts fail, in a thousand.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// Attempts to do.
    pub dos: u64,
    /// Attempts to undo.
    pub undos: u64,
    /// Messages and notifications.
    pub messages: u64,
}

/// The world of one execution.
#[derive(Debug)]
pub struct World<'m> {
    /// What was done and undone.
    pub ledger: Ledger,
    /// How often attempts fail from now on.
    pub faults: Faults,
    /// The last call that failed.
    pub last_failed: Option<String>,
    /// Parking messages that were sent or tried: the parked state of each.
    pub told: Vec<String>,
    steps: Steps<'m>,
    dice: Dice,
    open: BTreeMap<TaskId, Call>,
}

#[derive(Clone, Debug)]
struct Call {
    state: String,
    /// What it does for a step; messages and notifications do nothing for one.
    work: Option<Work>,
}

#[derive(Clone, Debug)]
struct Work {
    key: Key,
    undo: bool,
}

impl<'m> World<'m> {
    /// A world before anything has happened.
    #[must_use]
    pub fn new(steps: Steps<'m>, seed: u64, faults: Faults) -> Self {
        Self {
            ledger: Ledger::default(),
            faults,
            last_failed: None,
            told: Vec::new(),
            steps,
            dice: Dice::new(seed),
            open: BTreeMap::new(),
        }
    }

    /// The steps of the saga.
    #[must_use]
    pub fn steps(&self) -> &Steps<'m> {
        &self.steps
    }

    /// Whether a call waits for its answer.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.open.is_empty()
    }

    /// A call begins.
    ///
    /// # Errors
    /// It breaks a guarantee.
    pub fn begin(&mut self, invocation: &Invocation) -> Result<(), Broken> {
        let arguments =
            serde_json::to_value(&invocation.arguments).map_err(|error| error.to_string())?;
        let state = invocation.state.to_string();
        let none = Value::Null;
        let payload = arguments.get("Payload").unwrap_or(&none);
        let work = work(payload).filter(|work| self.steps.step(&work.key).is_some());
        self.ledger.note(format!("{state} begins: {payload}"));
        if let Some(Work { key, undo }) = &work {
            match undo {
                true => guarantee::before_undo(key, &self.steps, &self.ledger)?,
                false => guarantee::before_do(key, &self.steps, &self.ledger)?,
            }
            let input = payload.get("input").unwrap_or(&none);
            guarantee::payload(key, *undo, input, &self.steps, &self.ledger)?;
            let start = self.ledger.tick();
            let record = self.ledger.record(key);
            let attempts = if *undo {
                &mut record.undos
            } else {
                &mut record.dos
            };
            attempts.push(Attempt { start, end: None });
        } else if let Some(message) = text(&arguments, "MessageBody") {
            let message: Value =
                serde_json::from_str(message).map_err(|error| error.to_string())?;
            let parked = text(&message, "state").map(str::to_owned);
            self.told.extend(parked);
        }
        self.open.insert(invocation.task, Call { state, work });
        Ok(())
    }

    /// Nobody waits for a call any more: its effect may come or not.
    pub fn cancel(&mut self, task: TaskId) {
        if let Some(Call {
            work: Some(work),
            state,
        }) = self.open.remove(&task)
        {
            let happens = self.dice.chance(500);
            self.ledger.note(format!("{state} is cancelled"));
            self.end(&work, Fate::Cancelled, happens);
        }
    }

    /// Some call ends.
    pub fn answer(&mut self) -> Option<Event> {
        let tasks: Vec<_> = self.open.keys().copied().collect();
        let task = *self.dice.one_of(&tasks)?;
        let Call { state, work } = self.open.remove(&task)?;
        let Some(work) = work else {
            let fails = self.dice.chance(self.faults.messages);
            return Some(self.plain(task, &state, fails));
        };
        let fails = self.dice.chance(match work.undo {
            true => self.faults.undos,
            false => self.faults.dos,
        });
        let fate = self.fate(&work, fails);
        let happens = matches!(fate, Fate::Done | Fate::LostAfter);
        self.end(&work, fate, happens);
        self.ledger.note(format!("{state} ends: {fate:?}"));
        if fate == Fate::Done {
            let output = Data::object([("id", Data::text(work.key.id()))]);
            let answer = Data::object([("Payload", output)]);
            return Some(Event::TaskSucceeded(task, answer));
        }
        self.last_failed = Some(state);
        Some(self.failure(task, fate))
    }

    fn plain(&mut self, task: TaskId, state: &str, fails: bool) -> Event {
        self.ledger.note(format!("{state} ends: {}", !fails));
        if fails {
            self.last_failed = Some(state.to_owned());
            return Event::TaskFailed(task, Failure::new("Unavailable", "try later"));
        }
        Event::TaskSucceeded(task, Data::object([("Payload", Data::empty_object())]))
    }

    /// What becomes of an attempt. A fence answers a repeated one by what was done.
    fn fate(&mut self, work: &Work, fails: bool) -> Fate {
        let done = self.ledger.record(&work.key).effect;
        if !fails {
            return Fate::Done;
        }
        match self.dice.below(4) {
            0 => Fate::LostAfter,
            1 if !work.undo && !done => Fate::Refused,
            _ => Fate::LostBefore,
        }
    }

    fn failure(&mut self, task: TaskId, fate: Fate) -> Event {
        let error = match (fate, self.dice.below(4)) {
            (Fate::Refused, _) => REFUSED,
            (_, 0) => "States.Timeout",
            (_, 1) => "Lambda.Unknown",
            (_, 2) => "States.DataLimitExceeded",
            _ => LOST,
        };
        match error {
            "States.Timeout" => Event::TaskTimedOut(task),
            error => Event::TaskFailed(task, Failure::new(error, "as it was told to")),
        }
    }

    fn end(&mut self, work: &Work, fate: Fate, happens: bool) {
        let now = self.ledger.tick();
        let record = self.ledger.record(&work.key);
        if happens {
            record.effect = !work.undo;
        }
        let attempts = if work.undo {
            &mut record.undos
        } else {
            &mut record.dos
        };
        let open = attempts.iter_mut().find(|attempt| attempt.end.is_none());
        if let Some(attempt) = open {
            attempt.end = Some((now, fate));
        }
    }
}

/// What a handler is told to do.
fn work(payload: &Value) -> Option<Work> {
    let saga = payload.get("saga")?;
    Some(Work {
        key: Key {
            step: text(saga, "step")?.into(),
            item: text(saga, "item").unwrap_or_default().into(),
        },
        undo: text(saga, "phase")? == "undo",
    })
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}
