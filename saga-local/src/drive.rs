//! Drives an execution to its end, one answer after the other, on one thread.
//!
//! [`Services`] answers what the execution asks, a [`Clock`] lets time pass: the virtual one
//! jumps to the next instant that anything waits for, the real one sleeps until then.

mod answers;
mod clock;
mod files;

use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{
    Content, Effect, Event, Execution, Invocation, Outcome, Read, Settings, Write,
};
use saga_engine::fault::Failure;
use saga_engine::history::HistoryEvent;
use saga_engine::program::Program;

pub use answers::Answer;
pub use clock::{Clock, RealClock, VirtualClock};
pub use files::Buckets;

use answers::Answers;

/// What answers the effects of an execution.
pub trait Services {
    /// Answers a call of a service.
    ///
    /// # Errors
    /// When the driver itself cannot go on, as for a state that nothing answers for.
    fn call(&mut self, invocation: &Invocation) -> Result<Answer, DriveError>;

    /// Reads the items of a distributed Map.
    ///
    /// # Errors
    /// The cause, for `States.ItemReaderFailed`.
    fn read(&mut self, read: &Read) -> Result<Content, String> {
        Err(format!("nothing here reads from `{}`", read.resource))
    }

    /// Writes the results of a distributed Map.
    ///
    /// # Errors
    /// The cause, for `States.ResultWriterFailed`.
    fn write(&mut self, write: &Write) -> Result<(), String> {
        Err(format!("nothing here writes to `{}`", write.resource))
    }
}

/// Why an execution cannot be driven any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DriveError {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Starts an execution and drives it to its end. `watch` sees every new piece of history.
///
/// # Errors
/// When the services give up, or the execution waits for what never comes.
pub fn drive(
    program: Arc<Program>,
    settings: Settings,
    input: Data,
    services: &mut dyn Services,
    clock: &mut dyn Clock,
    watch: &mut dyn FnMut(&[HistoryEvent]),
) -> Result<(Execution, Outcome), DriveError> {
    let mut execution = Execution::start(program, settings, input, clock.now());
    let mut answers = Answers::default();
    let mut seen = 0;
    loop {
        watch(execution.history().get(seen..).unwrap_or_default());
        seen = execution.history().len();
        for effect in execution.take_effects() {
            perform(&effect, services, clock, &mut answers)?;
        }
        if let Some(outcome) = execution.outcome().cloned() {
            return Ok((execution, outcome));
        }
        let wake = execution.next_wake();
        let Some(next) = [answers.next(), wake].into_iter().flatten().min() else {
            return Err(stuck());
        };
        clock.wait_until(next);
        let now = clock.now();
        let event = answers.due(now).unwrap_or(Event::TimePassed);
        execution.handle(event, now);
    }
}

fn perform(
    effect: &Effect,
    services: &mut dyn Services,
    clock: &dyn Clock,
    answers: &mut Answers,
) -> Result<(), DriveError> {
    let now = clock.now();
    match effect {
        Effect::Invoke(invocation) => {
            let answer = services.call(invocation)?;
            answers.promise(invocation.task, answer, now);
        }
        Effect::Cancel(task) => answers.cancel(*task),
        Effect::Read(read) => answers.add(
            now,
            read.task,
            match services.read(read) {
                Ok(content) => Event::ItemsRead(read.task, content),
                Err(cause) => Event::ReadFailed(read.task, cause),
            },
        ),
        Effect::Write(write) => answers.add(
            now,
            write.task,
            match services.write(write) {
                Ok(()) => Event::ResultsWritten(write.task),
                Err(cause) => Event::WriteFailed(write.task, cause),
            },
        ),
    }
    Ok(())
}

fn stuck() -> DriveError {
    DriveError {
        message: "the execution waits for an answer that never comes".to_owned(),
        help: "give the waiting state a `TimeoutSeconds`, or a mock that answers".to_owned(),
    }
}

impl DriveError {
    /// A task that nothing answers.
    pub fn unanswered(invocation: &Invocation, help: impl Into<String>) -> Self {
        DriveError {
            message: format!(
                "nothing answers state `{}`, which calls `{}`",
                invocation.state, invocation.resource
            ),
            help: help.into(),
        }
    }
}

/// A result of a task, as services give it.
pub type TaskResult = Result<Data, Failure>;
