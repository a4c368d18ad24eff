//! Handlers behind fences, and what they did: the same for both targets. Faults are planned by step, so
//! that one saga meets the same ones whatever runs it.

use std::collections::BTreeMap;

use saga_fence::{Delivery, Ended, Failure, Memory, Next, Order, Outcome, Passage, Phase, Reply};
use saga_manifest::step::Kind;
use serde_json::{Value, json};

use crate::guarantee::{self, Broken};
use crate::ledger::{Attempt, Fate, Ledger, Record};
use crate::order::{Key, Steps};
use crate::task::{LOST, REFUSED};

/// Milliseconds that a handler may run.
pub const FUNCTION: u64 = 10_000;

/// What goes wrong while a handler acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It says that nothing was done.
    Refused,
    /// It fails before its effect, and does not know.
    LostBefore,
    /// It fails after its effect, and does not know.
    LostAfter,
    /// Its process dies before its effect.
    CrashBefore,
    /// Its process dies after its effect.
    CrashAfter,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Refused,
        Self::LostBefore,
        Self::LostAfter,
        Self::CrashBefore,
        Self::CrashAfter,
    ];

    /// Whether nobody hears of it.
    #[must_use]
    pub fn is_crash(self) -> bool {
        matches!(self, Self::CrashBefore | Self::CrashAfter)
    }
}

/// A fault that is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The step.
    pub step: String,
    /// Whether its undo.
    pub undo: bool,
    /// What goes wrong.
    pub fault: Fault,
    /// How often.
    pub times: u32,
}

/// Handlers, their fences, and what they did.
#[derive(Debug)]
pub struct Service<'m> {
    /// What was done and undone.
    pub ledger: Ledger,
    /// The faults to come.
    pub plans: Vec<Plan>,
    /// The fences.
    pub fences: Memory,
    /// What handlers were given last, by step and whether it was to undo.
    pub inputs: BTreeMap<(String, bool), Value>,
    steps: Steps<'m>,
}

/// A delivery on its way through its fence to the handler and back.
#[derive(Clone, Debug)]
pub struct Visit {
    key: Key,
    fence: saga_fence::Key,
    undo: bool,
    input: Value,
    /// None where the step has no fence.
    passage: Option<Passage>,
    next: Next,
    acting: bool,
    acted: bool,
}

/// How a visit got on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Got {
    /// It goes on.
    On,
    /// It is over, with this reply.
    Reply(Reply),
    /// Its process died.
    Died,
}

impl<'m> Service<'m> {
    /// Handlers that have done nothing yet.
    #[must_use]
    pub fn new(steps: Steps<'m>, plans: Vec<Plan>) -> Self {
        Self {
            ledger: Ledger::default(),
            plans,
            fences: Memory::default(),
            inputs: BTreeMap::new(),
            steps,
        }
    }

    /// Lets a step be done no more; gives what its fence remembers.
    pub fn seal(
        &mut self,
        key: &saga_fence::Key,
        order: Order,
        id: &str,
        now: u64,
    ) -> Option<saga_fence::Record> {
        let delivery = Delivery {
            phase: Phase::Seal,
            order,
            id: id.to_owned(),
            now,
            until: now,
        };
        let (mut passage, mut next) = Passage::begin(delivery);
        loop {
            next = match next {
                Next::Write(write) => passage.wrote(self.fences.swap(key, &write)),
                Next::Reply(Reply::Sealed(record)) => return Some(record),
                Next::Act | Next::Reply(_) => return None,
            };
        }
    }

    /// The steps of the saga.
    #[must_use]
    pub fn steps(&self) -> &Steps<'m> {
        &self.steps
    }

    /// A delivery gets on, by one look at its fence or one half of its handler's work. `chance` may add a fault to those
    /// that are planned.
    ///
    /// # Errors
    /// It breaks a guarantee.
    pub fn step(&mut self, visit: &mut Visit, chance: Option<Fault>) -> Result<Got, Broken> {
        visit.next = match &visit.next {
            Next::Reply(reply) => return Ok(Got::Reply(reply.clone())),
            Next::Write(write) => {
                let swapped = self.fences.swap(&visit.fence, write);
                match &mut visit.passage {
                    Some(passage) => passage.wrote(swapped),
                    None => Next::Act,
                }
            }
            Next::Act if !visit.acting => {
                self.begin(visit)?;
                visit.acting = true;
                // What has no effect of its own takes no time here: nobody can be beside it.
                if visit.passage.is_some() {
                    return Ok(Got::On);
                }
                return self.step(visit, chance);
            }
            Next::Act => {
                let fault = self.fault(visit).or(chance);
                visit.acting = false;
                match self.end(visit, fault) {
                    Some(ended) => {
                        visit.acted = true;
                        match &mut visit.passage {
                            Some(passage) => passage.acted(ended),
                            None => Next::Reply(reply(ended)),
                        }
                    }
                    None => return Ok(Got::Died),
                }
            }
        };
        Ok(Got::On)
    }

    /// The process of a visit is killed: what it was doing has had its effect or not.
    pub fn kill(&mut self, visit: &Visit, happened: bool) {
        if visit.acting {
            let fault = match happened {
                true => Fault::CrashAfter,
                false => Fault::CrashBefore,
            };
            self.end(visit, Some(fault));
        }
        // It may have begun, for all that its fence knows.
        if !visit.acting && !visit.acted && visit.next == Next::Act {
            let start = self.ledger.tick();
            let end = Some((start, Fate::LostBefore));
            attempts(self.ledger.record(&visit.key), visit.undo).push(Attempt { start, end });
        }
        // Nobody will hear of it: its fence was not told.
        if visit.acted && matches!(visit.next, Next::Write(_)) {
            let attempts = attempts(self.ledger.record(&visit.key), visit.undo);
            if let Some((_, fate)) = attempts.last_mut().and_then(|last| last.end.as_mut()) {
                *fate = match fate {
                    Fate::Done | Fate::LostAfter => Fate::LostAfter,
                    _ => Fate::LostBefore,
                };
            }
        }
    }

    /// What stands of each step in the end, of those that have an effect: whether it has one, and whether it was undone.
    #[must_use]
    pub fn books(&self) -> BTreeMap<String, (bool, bool)> {
        let records = self.ledger.records.iter();
        let reads =
            |key: &Key| self.steps.step(key).map(|step| &step.kind) == Some(&Kind::ReadOnly);
        let acted = records.filter(|(_, record)| record.effect || record.is_undone());
        acted
            .filter(|(key, _)| !reads(key))
            .map(|(key, record)| (key.step.clone(), (record.effect, record.is_undone())))
            .collect()
    }

    fn begin(&mut self, visit: &Visit) -> Result<(), Broken> {
        let Visit { key, undo, .. } = visit;
        match undo {
            true => {
                guarantee::before_undo(key, &self.steps, &self.ledger)?;
            }
            false => guarantee::before_do(key, &self.steps, &self.ledger)?,
        }
        let told = heard(&visit.input);
        guarantee::payload(key, *undo, &told, &self.steps, &self.ledger)?;
        let input = visit.input.clone();
        self.inputs.insert((key.step.clone(), *undo), input);
        let start = self.ledger.tick();
        let attempts = attempts(self.ledger.record(key), *undo);
        let sure = |attempt: &Attempt| matches!(attempt.end, Some((_, Fate::Done)));
        let is_fenced = visit.passage.is_some();
        if is_fenced && attempts.iter().any(sure) {
            return Err(format!("{} acts again after its answer was kept", key.id()));
        }
        if is_fenced && attempts.iter().any(|attempt| attempt.end.is_none()) {
            return Err(format!("{} acts twice at a time", key.id()));
        }
        attempts.push(Attempt { start, end: None });
        Ok(())
    }

    fn fault(&mut self, visit: &Visit) -> Option<Fault> {
        let plans = self.plans.iter_mut();
        let of_visit = |plan: &&mut Plan| plan.step == visit.key.step && plan.undo == visit.undo;
        let plan = plans.into_iter().find(of_visit)?;
        plan.times = plan.times.checked_sub(1)?;
        Some(plan.fault)
    }

    fn end(&mut self, visit: &Visit, fault: Option<Fault>) -> Option<Ended> {
        let now = self.ledger.tick();
        let record = self.ledger.record(&visit.key);
        // What was done before cannot be refused as if it had not been.
        let fault = match fault {
            Some(Fault::Refused) if record.effect || visit.undo => Some(Fault::LostBefore),
            fault => fault,
        };
        let (fate, happens) = match fault {
            None => (Fate::Done, true),
            Some(Fault::Refused) => (Fate::Refused, false),
            Some(Fault::LostAfter | Fault::CrashAfter) => (Fate::LostAfter, true),
            Some(Fault::LostBefore | Fault::CrashBefore) => (Fate::LostBefore, false),
        };
        if happens {
            record.effect = !visit.undo;
        }
        let mut attempts = attempts(record, visit.undo).iter_mut();
        let open = attempts.find(|attempt| attempt.end.is_none());
        if let Some(attempt) = open {
            attempt.end = Some((now, fate));
        }
        self.ledger
            .note(format!("{} {}: {fate:?}", visit.verb(), visit.key.id()));
        let failed = |name: &str, outcome| {
            Ended::Failed(Failure {
                name: name.into(),
                message: "as it was told to".into(),
                outcome,
            })
        };
        match fault {
            None => Some(Ended::Answered(json!({ "id": visit.key.id() }).to_string())),
            Some(Fault::Refused) => Some(failed(REFUSED, Outcome::NotDone)),
            Some(Fault::LostBefore | Fault::LostAfter) => Some(failed(LOST, Outcome::Unknown)),
            Some(Fault::CrashBefore | Fault::CrashAfter) => None,
        }
    }
}

/// What an input says that must be so. A step's own answer may have come when nobody waited for it any more.
fn heard(input: &Value) -> Value {
    let mut heard = input.clone();
    if let Some(fields) = heard.as_object_mut() {
        fields.retain(|asked, given| !(asked.starts_with("own:") && given.is_null()));
    }
    heard
}

fn reply(ended: Ended) -> Reply {
    match ended {
        Ended::Answered(json) => Reply::Answer(json),
        Ended::Failed(failure) => Reply::Failed(failure),
    }
}

fn attempts(record: &mut Record, undo: bool) -> &mut Vec<Attempt> {
    match undo {
        true => &mut record.undos,
        false => &mut record.dos,
    }
}

impl Visit {
    /// A delivery that has just arrived.
    #[must_use]
    pub fn new(saga: &str, step: &str, delivery: Delivery, input: Value) -> Self {
        let undo = delivery.phase == Phase::Undo;
        let (passage, next) = Passage::begin(delivery);
        Self {
            key: Key {
                step: step.into(),
                item: String::new(),
            },
            fence: saga_fence::Key::new(saga, step, None),
            undo,
            input,
            passage: Some(passage),
            next,
            acting: false,
            acted: false,
        }
    }

    /// The same without a fence.
    #[must_use]
    pub fn unfenced(self) -> Self {
        Self {
            passage: None,
            next: Next::Act,
            ..self
        }
    }

    fn verb(&self) -> &'static str {
        match self.undo {
            true => "undo",
            false => "do",
        }
    }
}
