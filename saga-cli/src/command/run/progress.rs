//! An execution as it happens: a line for each state that starts, is tried again, fails or ends.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use saga_engine::fault::Failure;
use saga_engine::history::{Detail, HistoryEvent};
use saga_engine::time::Timestamp;

/// Writes what it is shown. The first error is kept until the execution is over.
pub(super) struct Progress<'o> {
    out: &'o mut dyn Write,
    quiet: bool,
    start: Option<Timestamp>,
    /// The state that each event belongs to, and whether it is a failure.
    states: HashMap<u64, (Arc<str>, bool)>,
    error: Option<io::Error>,
}

const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const DIM: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";

impl<'o> Progress<'o> {
    pub(super) fn new(out: &'o mut dyn Write, quiet: bool) -> Self {
        Progress {
            out,
            quiet,
            start: None,
            states: HashMap::new(),
            error: None,
        }
    }

    pub(super) fn show(&mut self, events: &[HistoryEvent]) {
        if self.quiet || self.error.is_some() {
            return;
        }
        for event in events {
            self.start.get_or_insert(event.at);
            if let Err(error) = self.line(event) {
                self.error = Some(error);
            }
        }
        if let Err(error) = self.out.flush() {
            self.error.get_or_insert(error);
        }
    }

    /// The error that kept a line from being written, if there was one.
    pub(super) fn written(self) -> io::Result<()> {
        self.error.map_or(Ok(()), Err)
    }

    fn line(&mut self, event: &HistoryEvent) -> io::Result<()> {
        let state = match &event.detail {
            Detail::StateEntered { name, .. } | Detail::StateExited { name, .. } => {
                Arc::clone(name)
            }
            _ => self
                .states
                .get(&event.previous)
                .map_or_else(|| "".into(), |(state, _)| Arc::clone(state)),
        };
        let failed = matches!(
            event.detail,
            Detail::Failed { .. } | Detail::TimedOut { .. }
        );
        self.states.insert(event.id, (Arc::clone(&state), failed));
        let (colour, what) = match &event.detail {
            Detail::StateEntered { .. } => (DIM, "started".to_owned()),
            Detail::StateExited { .. } if self.follows_failure(event) => {
                (YELLOW, "caught".to_owned())
            }
            Detail::StateExited { .. } => (GREEN, "done".to_owned()),
            Detail::StateAborted { .. } => (YELLOW, "stopped".to_owned()),
            Detail::Scheduled { .. } if self.follows_failure(event) => {
                (YELLOW, "tried again".to_owned())
            }
            Detail::Submitted { .. } => (DIM, "waits for an answer".to_owned()),
            Detail::Failed { failure, .. } => (RED, told("failed", failure)),
            Detail::TimedOut { failure, .. } => (RED, told("timed out", failure)),
            Detail::EvaluationFailed { failure, .. } => (RED, told("failed", failure)),
            Detail::MapStateFailed(failure) | Detail::ParallelStateFailed(failure) => {
                (RED, told("failed", failure))
            }
            Detail::MapIterationStarted { index, .. } => (DIM, format!("item {index} started")),
            Detail::MapIterationFailed { index, .. } => (RED, format!("item {index} failed")),
            _ => return Ok(()),
        };
        let seconds = self.start.map_or(0, |start| event.at.since(start));
        let (whole, millis) = (seconds / 1000, seconds % 1000);
        writeln!(
            self.out,
            "{DIM}{whole:>6}.{millis:03} s{RESET}  {state:<24} {colour}{what}{RESET}"
        )
    }

    /// Whether an event follows from a call that failed.
    fn follows_failure(&self, event: &HistoryEvent) -> bool {
        let previous = self.states.get(&event.previous);
        previous.is_some_and(|(_, failed)| *failed)
    }
}

fn told(what: &str, failure: &Failure) -> String {
    let error = failure.error.as_deref().unwrap_or("no error is named");
    match failure.cause.as_deref() {
        Some(cause) => format!("{what}: {error}: {cause}"),
        None => format!("{what}: {error}"),
    }
}
