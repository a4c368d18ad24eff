//! The world that executions talk to: handlers with fences and without, a table, a topic and a queue, people
//! who answer. Whatever it is asked to do fails at random, and what was lost may come late.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::data::Data;
use saga_engine::execution::{Event, Invocation, TaskId};
use saga_engine::fault::{Failure, Origin};
use saga_manifest::error::Outcome;
use saga_manifest::step::Call;
use saga_manifest::task::Task;
use serde_json::Value;

use crate::dice::Dice;
use crate::fault::{Fault, Faults};
use crate::fence::Fences;
use crate::guarantee::{self, Broken, Ending};
use crate::items::{self, Items};
use crate::ledger::{Attempt, Fate, Ledger};
use crate::order::{Key, Steps};
use crate::rows::{Rows, item_of};
use crate::task::LOST;
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

    fn check(&mut self, work: &Work, again: bool) -> Result<(), Broken> {
        let Work {
            key, undo, given, ..
        } = work;
        match undo {
            true => guarantee::before_undo(key, &self.steps, &self.ledger)?,
            false if again => guarantee::before_do_again(key, &self.steps, &self.ledger)?,
            false => guarantee::before_do(key, &self.steps, &self.ledger)?,
        }
        guarantee::payload(key, *undo, given, &self.steps, &self.ledger)?;
        self.others_come(work)?;
        if let (
            Means::Row {
                action, arguments, ..
            },
            false,
        ) = (&work.means, undo)
            && action == "putItem"
            && self.dice.chance(self.faults.dos / 2)
            && let Some(item) = arguments.get("Item")
            && self.rows.occupy(item)
        {
            self.seen.insert("a row of somebody else's");
        }
        let start = self.ledger.tick();
        self.attempts(key, *undo).push(Attempt { start, end: None });
        Ok(())
    }

    /// What keeps sagas apart holds when a call begins, and another saga may be in its way.
    fn others_come(&mut self, work: &Work) -> Result<(), Broken> {
        let Some(call) = self.call(work) else {
            return Ok(());
        };
        let rate = self.faults.dos.max(self.faults.undos) / 2;
        if let Means::Row { arguments, .. } = &work.means
            && items::table(arguments).is_some()
        {
            self.items.meet(work, &self.steps, call, arguments);
            if self.dice.chance(rate) {
                let seen = self.items.interfere(Some(&work.key), &mut self.dice)?;
                self.seen.extend(seen);
            }
        }
        if !work.undo {
            self.items
                .before(&work.key, call, &self.steps, &self.ledger)?;
        }
        if self.dice.chance(rate / 4) {
            let seen = self.items.interfere(None, &mut self.dice)?;
            self.seen.extend(seen);
        }
        Ok(())
    }

    /// What must hold of items where an execution of a saga is parked, or has ended.
    ///
    /// # Errors
    /// What does not.
    pub fn check_items(
        &mut self,
        base: &str,
        state: &str,
        ending: Option<Ending>,
    ) -> Result<(), Broken> {
        let told = self.told.get(state);
        match ending {
            Some(ending) => self.items.at_the_end(ending, base),
            None => self.items.at_parking(base, told, &self.steps, &self.ledger),
        }
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

    /// Nobody waits for a call any more: what it asks for is done, comes late or not at all.
    pub fn cancel(&mut self, asked: Asked) {
        let Some(Open {
            work: Some(work),
            state,
            ..
        }) = self.open.remove(&asked)
        else {
            return;
        };
        self.ledger.note(format!("{state} is cancelled"));
        if self.dice.chance(500) {
            self.late(&work);
        }
        self.end(&work, Fate::Cancelled);
    }

    /// Work that nobody waits for: it comes late where something tells that it is, else now.
    fn late(&mut self, work: &Work) {
        match work.is_known_late() {
            true => self.strays.push(work.clone()),
            false => {
                let _ = self.carry_out(work, Some(Fault::After));
            }
        }
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
                    failed(task, &error)
                }
            },
        )))
    }

    fn plain(&mut self, (execution, task): Asked, state: &str, fails: bool) -> Event {
        self.ledger.note(format!("{state} ends: {}", !fails));
        if fails {
            self.last_failed.insert(execution, state.to_owned());
            return failed(task, "Unavailable");
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

    /// Something that was lost arrives.
    fn deliver_late(&mut self) -> Result<(), Broken> {
        let count = self.strays.len() as u64;
        let position = usize::try_from(self.dice.below(count)).unwrap_or_default();
        if position >= self.strays.len() {
            return Ok(());
        }
        let stray = self.strays.swap_remove(position);
        let (key, what) = (stray.key.id(), if stray.undo { "undo" } else { "do" });
        self.ledger.note(format!("  a late {what} of {key}"));
        self.seen.insert(match stray.means {
            Means::Row { .. } => "a late request of a row",
            _ => "a late delivery to a handler",
        });
        self.carry_out(&stray, Some(Fault::After))?;
        Ok(())
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

    /// Everything arrives that was lost.
    ///
    /// # Errors
    /// A service did not take what it was sent.
    pub fn settle(&mut self) -> Result<(), Broken> {
        while !self.strays.is_empty() {
            self.deliver_late()?;
        }
        Ok(())
    }

    /// Whether each put's row is what the ledger says.
    ///
    /// # Errors
    /// A row that is not.
    pub fn check_rows(&mut self) -> Result<(), Broken> {
        let mut rows: BTreeMap<(String, String), bool> = BTreeMap::new();
        for (key, record) in &self.ledger.records {
            let step = self.steps.step(key);
            let puts = step.is_some_and(|step| matches!(step.call.task, Task::DynamodbPut { .. }));
            if puts && key.base().is_empty() {
                let row = (key.name().to_owned(), item_of(key));
                *rows.entry(row).or_default() |= record.effect;
            }
        }
        self.seen
            .extend(self.items.check(&self.steps, &self.ledger)?);
        for ((step, item), expected) in rows {
            self.seen.insert("a row");
            if self.rows.is_done(&step, &item) != expected {
                return Err(format!(
                    "the row of `{step}`, {item}, should{} be there",
                    if expected { "" } else { " not" }
                ));
            }
        }
        Ok(())
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

fn failed(task: TaskId, error: &str) -> Event {
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
