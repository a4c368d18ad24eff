//! The world that executions talk to: handlers with fences and without, a table, a topic and a queue, people
//! who answer. Whatever it is asked to do fails at random, and what was lost may come late.

mod checks;
mod fate;
mod late;

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::data::Data;
use saga_engine::execution::{Event, Invocation, TaskId};
use serde_json::Value;

use crate::dice::Dice;
use crate::fault::{Fault, Faults};
use crate::fence::Fences;
use crate::guarantee::Broken;
use crate::items::{self, Items};
use crate::ledger::{Attempt, Fate, Ledger};
use crate::order::{Key, Steps};
use crate::rows::Rows;
use crate::work::{self, Means, Work, text};

/// The number of an execution, and a task of it.
pub type Asked = (usize, TaskId);

/// The world of one saga, and of those that it runs.
#[derive(Debug)]
pub struct World<'m> {
    /// What was done and undone.
    pub ledger: Ledger,
    /// How often attempts fail from now on.
    pub faults: Faults,
    /// The last call that failed, of each execution.
    pub last_failed: BTreeMap<usize, String>,
    /// Parking messages that were sent or tried: the locks that each names, by the parked state.
    pub told: BTreeMap<String, Vec<String>>,
    /// What happened at least once.
    pub seen: BTreeSet<&'static str>,
    pub(crate) dice: Dice,
    pub(crate) fences: Fences,
    pub(crate) rows: Rows,
    pub(crate) items: Items,
    steps: Steps<'m>,
    open: BTreeMap<Asked, Open>,
    /// What was lost on its way, and may come late.
    strays: Vec<Work>,
}

#[derive(Clone, Debug)]
struct Open {
    state: String,
    /// What it does for a step; messages and notifications do nothing for one.
    work: Option<Work>,
    /// What makes a step's change of an item final.
    confirms: Option<Value>,
    /// The step instance whose fence is sealed.
    seals: Option<Key>,
}

/// From where a call comes.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'c> {
    /// The execution's number.
    pub execution: usize,
    /// The step instances around it: `Travel#2/`.
    pub base: &'c str,
    /// Whether its saga was run before, for the same step instance.
    pub again: bool,
}

/// What becomes of an attempt.
pub(crate) struct End {
    pub(crate) fate: Fate,
    pub(crate) event: Answer,
}

/// What the state is told.
pub(crate) enum Answer {
    Success(Data),
    Error(String),
}

impl<'m> World<'m> {
    /// A world before anything has happened.
    #[must_use]
    pub fn new(steps: Steps<'m>, seed: u64, faults: Faults) -> Self {
        Self {
            ledger: Ledger::default(),
            faults,
            last_failed: BTreeMap::new(),
            told: BTreeMap::new(),
            seen: BTreeSet::new(),
            dice: Dice::new(seed),
            fences: Fences::default(),
            rows: Rows::default(),
            items: Items::default(),
            steps,
            open: BTreeMap::new(),
            strays: Vec::new(),
        }
    }

    /// The steps of the sagas.
    #[must_use]
    pub fn steps(&self) -> &Steps<'m> {
        &self.steps
    }

    /// A call begins. The work of a call that runs a saga is handed back: [`Self::ended`] ends it.
    ///
    /// # Errors
    /// It breaks a guarantee.
    pub fn begin(
        &mut self,
        invocation: &Invocation,
        arguments: &Value,
        caller: Caller<'_>,
    ) -> Result<Option<Work>, Broken> {
        let state = invocation.state.to_string();
        let work = work::read(invocation, arguments, caller.base, &self.steps);
        self.ledger.note(format!("{state} begins: {arguments}"));
        match &work {
            Some(work) => self.check(work, caller.again)?,
            None => self.parking_message(arguments)?,
        }
        if let Some(work) = work
            .as_ref()
            .filter(|work| matches!(work.means, Means::Saga))
        {
            self.seen.insert("a saga");
            return Ok(Some(work.clone()));
        }
        let asked = (caller.execution, invocation.task);
        let confirms = work.is_none() && items::table(arguments).is_some();
        let open = Open {
            seals: work::sealed(arguments, caller.base),
            confirms: confirms.then(|| arguments.clone()),
            state,
            work,
        };
        self.open.insert(asked, open);
        Ok(None)
    }

    fn parking_message(&mut self, arguments: &Value) -> Result<(), Broken> {
        let to = text(arguments, "QueueUrl").unwrap_or_default();
        if let Some(message) = text(arguments, "MessageBody").filter(|_| to.contains("Parked")) {
            let message: Value =
                serde_json::from_str(message).map_err(|error| error.to_string())?;
            let locks = message.get("locks").and_then(Value::as_array);
            let locks = locks.into_iter().flatten().filter_map(Value::as_str);
            let locks = locks.map(str::to_owned).collect();
            let parked = text(&message, "state").map(str::to_owned);
            self.told.extend(parked.map(|state| (state, locks)));
        }
        Ok(())
    }

    /// Some call ends, or something comes late.
    ///
    /// # Errors
    /// A service did not take what it was sent.
    pub fn answer(&mut self) -> Result<Option<(usize, Event)>, Broken> {
        if self.dice.chance(100) {
            self.deliver_late()?;
        }
        if self.dice.chance(60) {
            self.items.leave();
        }
        let all: Vec<_> = self.open.keys().copied().collect();
        let Some(asked) = self.dice.one_of(&all).copied() else {
            return Ok(None);
        };
        let Some(Open {
            state,
            work,
            confirms,
            seals,
        }) = self.open.remove(&asked)
        else {
            return Ok(None);
        };
        let (execution, task) = asked;
        let Some(work) = work else {
            let fails = self.dice.chance(self.faults.messages);
            if let Some(key) = seals.filter(|_| !fails) {
                self.seen.insert("a fence that was sealed before its undo");
                self.seal(&key);
            }
            if let Some(confirms) = confirms.filter(|_| !fails) {
                // Where it does not hold that something is to be confirmed, nothing is.
                let _ = self.items.perform(None, "updateItem", &confirms, true)?;
            }
            return Ok(Some((execution, self.plain(asked, &state, fails))));
        };
        let fault = self.faults.draw(&work, &mut self.dice);
        let End { fate, event } = self.carry_out(&work, fault)?;
        if fault == Some(Fault::Before) && self.dice.chance(500) && work.is_known_late() {
            self.strays.push(work.clone());
        }
        self.end(&work, fate);
        self.ledger
            .note(format!("{state} ends: {fault:?}, {fate:?}"));
        Ok(Some((
            execution,
            match event {
                Answer::Success(output) => Event::TaskSucceeded(task, output),
                Answer::Error(error) => {
                    self.last_failed.insert(execution, state);
                    fate::failed(task, &error)
                }
            },
        )))
    }

    fn plain(&mut self, (execution, task): Asked, state: &str, fails: bool) -> Event {
        self.ledger.note(format!("{state} ends: {}", !fails));
        if fails {
            self.last_failed.insert(execution, state.to_owned());
            return fate::failed(task, "Unavailable");
        }
        Event::TaskSucceeded(task, Data::object([("Payload", Data::empty_object())]))
    }

    /// Whether the start of a saga fails, so that nobody knows whether it runs.
    pub fn start_fails(&mut self, work: &Work) -> bool {
        let fault = self.faults.draw(work, &mut self.dice);
        fault.is_some() && self.dice.chance(300)
    }

    /// A saga that a call ran has ended, or was not started.
    pub fn ended(&mut self, work: &Work, fate: Fate) {
        if fate == Fate::Done {
            self.ledger.record(&work.key).effect = !work.undo;
        }
        self.end(work, fate);
        if fate == Fate::Refused && !work.undo {
            // It says so of all that ran for this step: they have the same fences.
            self.ledger.record(&work.key).refuse_all();
        }
    }

    /// Somebody finds a saga that has ended, completed or compensated.
    pub fn found(&mut self, work: &Work, completed: bool) {
        let start = self.ledger.tick();
        self.attempts(&work.key, work.undo)
            .push(Attempt { start, end: None });
        let fate = if completed { Fate::Done } else { Fate::Refused };
        self.ended(work, fate);
    }

    /// An operator repairs whatever is broken. What was on its way has arrived by then.
    ///
    /// # Errors
    /// A row of somebody else's was changed.
    pub fn repair(&mut self) -> Result<(), Broken> {
        self.settle()?;
        self.faults.dos = 0;
        self.faults.undos = 0;
        self.items.repair();
        self.rows.clear()
    }

    fn end(&mut self, work: &Work, fate: Fate) {
        let now = self.ledger.tick();
        let attempts = self.attempts(&work.key, work.undo).iter_mut();
        let mut open = attempts.filter(|attempt| attempt.end.is_none());
        if let Some(attempt) = open.next() {
            attempt.end = Some((now, fate));
        }
    }

    fn attempts(&mut self, key: &Key, undo: bool) -> &mut Vec<Attempt> {
        let record = self.ledger.record(key);
        if undo {
            &mut record.undos
        } else {
            &mut record.dos
        }
    }
}
