//! An execution: events in, effects out.
//!
//! [`Execution::start`] and [`Execution::handle`] run every state that can run and stop where
//! only the world can go on: at a task's answer, at an instant. What they want of it is read
//! with [`Execution::take_effects`] and [`Execution::next_wake`]. Nothing in here waits, reads a
//! clock or draws a number that does not follow from the seed, so the same events at the same
//! times give the same history.

mod arena;
mod context;
mod end;
mod event;
mod failing;
mod fingerprint;
mod flow;
mod map;
mod map_end;
mod map_iterations;
mod memory;
mod parallel;
mod record;
mod redrive;
mod running;
mod step;
mod task;
mod task_events;
mod timer;

use std::hash::Hasher;
use std::sync::Arc;

pub use event::{Content, Effect, Event, Invocation, Outcome, Read, Status, TaskId, Write};
pub use memory::{ExecutionType, Identity, Settings};

use memory::Memory;
use saga_asl::data::Data;
use step::Step;

use crate::history::HistoryEvent;
use crate::program::Program;
use crate::time::Timestamp;

/// An execution of a state machine.
#[derive(Clone, Debug)]
pub struct Execution {
    program: Arc<Program>,
    memory: Memory,
}

impl Execution {
    /// Starts an execution and runs it as far as it goes by itself.
    pub fn start(program: Arc<Program>, settings: Settings, input: Data, now: Timestamp) -> Self {
        let memory = Memory::new(settings, now);
        let mut execution = Execution { program, memory };
        execution.step().start(input);
        execution
    }

    /// Tells the execution what has happened at `now`, and runs it on. An event about
    /// something that is over already is ignored.
    pub fn handle(&mut self, event: Event, now: Timestamp) {
        let mut step = self.step();
        step.advance(now);
        step.handle(event);
        step.run();
    }

    /// What the execution wants done, in order. Each effect is given out once.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.memory.effects)
    }

    /// The instant at which the execution next wants [`Event::TimePassed`].
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.memory.timers.next()
    }

    /// How the execution ended, once it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.memory.outcome.as_ref()
    }

    /// The history so far. Empty for executions that keep none.
    pub fn history(&self) -> &[HistoryEvent] {
        self.memory.history()
    }

    /// Takes the history so far out of the execution: what is kept of it afterwards is what follows.
    /// Whoever runs very many executions to look at each step keeps none of them whole.
    pub fn take_history(&mut self) -> Vec<HistoryEvent> {
        let main = self.memory.main;
        let run = self.memory.run_mut(main);
        run.map_or_else(Vec::new, |run| std::mem::take(&mut run.history))
    }

    /// How many events the history has, whether it is kept or not.
    pub fn events(&self) -> u64 {
        let main = self.memory.run(self.memory.main);
        main.map_or(0, |run| run.events)
    }

    /// The instant that the execution was last told.
    pub fn now(&self) -> Timestamp {
        self.memory.now
    }

    /// Hashes what decides how the execution goes on, without history, instants and numbers of tasks:
    /// executions of one program with the same fingerprint answer the same events alike, unless they
    /// read the time or draw random numbers.
    pub fn fingerprint(&self, into: &mut impl Hasher) {
        self.memory.fingerprint(into);
    }

    /// How many states have been entered.
    pub fn transitions(&self) -> u64 {
        self.memory.transitions
    }

    /// Runs a failed execution again from where it failed (developer guide, "Redriving
    /// executions"). False if it cannot be redriven: it did not fail, or is Express.
    pub fn redrive(&mut self, now: Timestamp) -> bool {
        let mut step = self.step();
        step.advance(now);
        step.redrive()
    }

    /// All that the execution knows, to be resumed elsewhere with the same definition.
    ///
    /// # Errors
    /// Whatever `serde_json` says; with the engine's own types, nothing.
    pub fn snapshot(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&self.memory)
    }

    /// Resumes an execution of `program` from its snapshot.
    ///
    /// # Errors
    /// If `snapshot` is none.
    pub fn resume(program: Arc<Program>, snapshot: &[u8]) -> Result<Self, serde_json::Error> {
        let memory = serde_json::from_slice(snapshot)?;
        Ok(Execution { program, memory })
    }

    fn step(&mut self) -> Step<'_> {
        Step {
            program: &self.program,
            memory: &mut self.memory,
        }
    }
}
