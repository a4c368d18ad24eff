//! The saga's execution, and those that its states started.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::intrinsic::uuid;
use saga_engine::execution::{
    Effect, Event, Execution, Identity, Outcome, Settings, Status, TaskId,
};
use saga_engine::fault::Failure;
use saga_engine::history::HistoryEvent;
use saga_engine::random::Seeded;
use saga_engine::time::Timestamp;

use super::prepared::Machine;
use super::recover::begun_on;
use super::{Ended, Prepared};

/// An execution of a run, in the order in which they were started. The saga's own is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(pub(super) usize);

/// Something new in the history of one of a run's executions.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'s> {
    /// The execution, counted from 0, which is the saga's own.
    pub execution: usize,
    /// Its state machine.
    pub machine: &'s str,
    /// How many executions it is nested in.
    pub depth: usize,
    /// What is new.
    pub events: &'s [HistoryEvent],
}

/// An execution, and who waits for it.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) machine: Arc<Machine>,
    pub(super) name: Arc<str>,
    pub(super) input: Data,
    pub(super) at: Timestamp,
    pub(super) ended: Option<Timestamp>,
    pub(super) execution: Execution,
    /// The tasks that wait for its end.
    pub(super) callers: Vec<Caller>,
    depth: usize,
    seen: usize,
}

/// A task that waits for the end of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) execution: Number,
    pub(super) task: TaskId,
    /// Whether it is given the output as JSON: `.sync:2`.
    pub(super) parsed: bool,
    /// Whether its answer gets lost.
    pub(super) lost: bool,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Executions {
    all: Vec<Started>,
    by_name: BTreeMap<(String, Arc<str>), Number>,
    seed: u64,
    names: Seeded,
}

/// Why an execution was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AlreadyExists;

impl Executions {
    pub(super) fn of(seed: u64) -> Self {
        Self {
            all: Vec::new(),
            by_name: BTreeMap::new(),
            seed,
            names: Seeded::new(!seed),
        }
    }

    /// Starts an execution, or finds the one of this name while it runs on the same input (API reference,
    /// `StartExecution`: idempotent so far).
    pub(super) fn start(
        &mut self,
        machine: &Arc<Machine>,
        name: Option<&str>,
        input: Data,
        caller: Option<Number>,
        now: Timestamp,
    ) -> Result<Number, AlreadyExists> {
        let name: Arc<str> = match name {
            Some(name) => name.into(),
            None => uuid(&mut self.names).into(),
        };
        let key = (machine.name.clone(), Arc::clone(&name));
        if let Some(number) = self.by_name.get(&key) {
            let running = self
                .get(*number)
                .is_some_and(|started| started.ended.is_none() && started.input.same(&input));
            return if running {
                Ok(*number)
            } else {
                Err(AlreadyExists)
            };
        }
        let number = Number(self.all.len());
        let depth = caller.and_then(|caller| self.get(caller));
        let depth = depth.map_or(0, |caller| caller.depth + 1);
        let settings = self.settings(machine, &name, number);
        let execution =
            Execution::start(Arc::clone(&machine.program), settings, input.clone(), now);
        self.by_name.insert(key, number);
        self.all.push(Started {
            machine: Arc::clone(machine),
            name,
            input,
            at: now,
            ended: None,
            execution,
            callers: Vec::new(),
            depth,
            seen: 0,
        });
        Ok(number)
    }

    /// Takes in the executions of a run that is over.
    pub(super) fn resume(&mut self, saga: &Prepared, name: &str, ended: Ended, now: Timestamp) {
        self.take_in(&saga.machine, name, ended.execution, now, 0);
        for nested in ended.nested {
            let name = nested.arn.rsplit(':').next().unwrap_or_default();
            // INVARIANT: what was started is one of the saga's machines.
            if let Some(machine) = saga.machines.get(&nested.machine) {
                self.take_in(machine, name, nested.execution, now, 1);
            }
        }
    }

    /// Takes in one execution, with its name.
    pub(super) fn take_in(
        &mut self,
        machine: &Arc<Machine>,
        name: &str,
        execution: Execution,
        now: Timestamp,
        depth: usize,
    ) {
        let name: Arc<str> = name.into();
        let key = (machine.name.clone(), Arc::clone(&name));
        self.by_name.insert(key, Number(self.all.len()));
        self.all.push(Started {
            machine: Arc::clone(machine),
            name,
            input: begun_on(&execution).cloned().unwrap_or_default(),
            at: now,
            ended: execution.outcome().map(|_| now),
            seen: execution.history().len(),
            execution,
            callers: Vec::new(),
            depth,
        });
    }

    /// Lets one run on from the state that failed, if it did.
    pub(super) fn redrive(&mut self, number: Number, now: Timestamp) -> bool {
        self.get_mut(number).is_some_and(|started| {
            started.ended = None;
            started.execution.redrive(now)
        })
    }

    /// The execution of an ARN.
    pub(super) fn find(&self, arn: &str) -> Option<&Started> {
        self.all.iter().find(|started| started.arn() == arn)
    }

    fn settings(&self, machine: &Machine, name: &Arc<str>, number: Number) -> Settings {
        Settings {
            identity: Identity {
                region: crate::REGION.into(),
                account: crate::ACCOUNT.into(),
                machine: machine.name.as_str().into(),
                execution: Arc::clone(name),
                ..Identity::default()
            },
            seed: self.seed.wrapping_add(number.0 as u64),
            ..Settings::default()
        }
    }

    pub(super) fn get(&self, number: Number) -> Option<&Started> {
        self.all.get(number.0)
    }

    pub(super) fn get_mut(&mut self, number: Number) -> Option<&mut Started> {
        self.all.get_mut(number.0)
    }

    /// What they all want done, in the order of their numbers.
    pub(super) fn take_effects(&mut self) -> Vec<(Number, Effect)> {
        let numbered = self.all.iter_mut().enumerate();
        numbered
            .flat_map(|(number, started)| {
                let effects = started.execution.take_effects().into_iter();
                effects.map(move |effect| (Number(number), effect))
            })
            .collect()
    }

    /// Shows what is new in their histories.
    pub(super) fn show(&mut self, seen: &mut dyn FnMut(Seen<'_>)) {
        for (number, started) in self.all.iter_mut().enumerate() {
            let history = started.execution.history();
            if let Some(events @ [_, ..]) = history.get(started.seen..) {
                seen(Seen {
                    execution: number,
                    machine: &started.machine.name,
                    depth: started.depth,
                    events,
                });
            }
            started.seen = history.len();
        }
    }

    /// The executions that have ended since this was asked last.
    pub(super) fn newly_ended(&mut self, now: Timestamp) -> Vec<Number> {
        let mut ended = Vec::new();
        for (number, started) in self.all.iter_mut().enumerate() {
            if started.ended.is_none() && started.execution.outcome().is_some() {
                started.ended = Some(now);
                ended.push(Number(number));
            }
        }
        ended
    }

    /// How the first of them ended, once none is running any more.
    pub(super) fn outcome(&self) -> Option<&Outcome> {
        let running = self
            .all
            .iter()
            .any(|started| started.execution.outcome().is_none());
        if running {
            return None;
        }
        self.all.first()?.execution.outcome()
    }

    /// Whether the first of them has ended.
    pub(super) fn first_has_ended(&self) -> bool {
        self.all
            .first()
            .is_some_and(|started| started.execution.outcome().is_some())
    }

    /// The next instant that one of them waits for.
    pub(super) fn next_wake(&self) -> Option<Timestamp> {
        let wakes = self.all.iter().map(|started| started.execution.next_wake());
        wakes.flatten().min()
    }

    /// Lets time pass for those that wait for it.
    pub(super) fn pass_time(&mut self, now: Timestamp) {
        for started in &mut self.all {
            if started
                .execution
                .next_wake()
                .is_some_and(|wake| wake <= now)
            {
                started.execution.handle(Event::TimePassed, now);
            }
        }
    }

    pub(super) fn handle(&mut self, number: Number, event: Event, now: Timestamp) {
        if let Some(started) = self.get_mut(number) {
            started.execution.handle(event, now);
        }
    }

    /// Stops those that still run.
    pub(super) fn stop(&mut self, failure: &Failure, now: Timestamp) {
        for started in &mut self.all {
            if started.execution.outcome().is_none() {
                let stopped = Event::Stopped(failure.clone());
                started.execution.handle(stopped, now);
            }
        }
    }

    /// A task waits no longer. What only it waited for is stopped (developer guide, "Run a Job (.sync)").
    pub(super) fn abandon(&mut self, execution: Number, task: TaskId, now: Timestamp) {
        for started in &mut self.all {
            let before = started.callers.len();
            started
                .callers
                .retain(|caller| (caller.execution, caller.task) != (execution, task));
            let abandoned = before > 0 && started.callers.is_empty();
            if abandoned && started.execution.outcome().is_none() {
                let stopped = Event::Stopped(Failure {
                    cause: Some("the task that started the execution was stopped".into()),
                    error: None,
                    ..Failure::default()
                });
                started.execution.handle(stopped, now);
            }
        }
    }

    /// The first, and the others.
    pub(super) fn into_parts(self) -> Option<(Started, Vec<Started>)> {
        let mut all = self.all.into_iter();
        let first = all.next()?;
        Some((first, all.collect()))
    }
}

impl Started {
    pub(super) fn arn(&self) -> String {
        execution_arn(&self.machine.name, &self.name)
    }

    pub(super) fn status(&self) -> Option<Status> {
        self.execution.outcome().map(|outcome| outcome.status)
    }
}

/// The ARN of an execution.
pub(super) fn execution_arn(machine: &str, execution: &str) -> String {
    format!(
        "arn:aws:states:{}:{}:execution:{machine}:{execution}",
        crate::REGION,
        crate::ACCOUNT
    )
}
