//! A saga as it happens: a line for each attempt of each state.

use std::collections::HashMap;
use std::io::{self, IsTerminal as _, Write};
use std::sync::Arc;
use std::time::Duration;

use saga_engine::fault::Failure;
use saga_engine::history::{Detail, HistoryEvent, StateType};
use saga_engine::time::Timestamp;

use super::{Tone, duration};

/// Writes what it is shown. The first error is kept until the saga is over.
pub struct Progress<'o> {
    out: &'o mut dyn Write,
    quiet: bool,
    /// Whether a line can be written over: a state that is at work shows then.
    live: bool,
    /// The state that each event belongs to.
    states: HashMap<u64, Arc<str>>,
    attempts: HashMap<Arc<str>, Attempt>,
    error: Option<io::Error>,
}

/// The attempt that a state is at.
#[derive(Clone, Copy)]
struct Attempt {
    number: u32,
    since: Timestamp,
    failed: bool,
}

/// What became of an attempt.
struct Line<'l> {
    mark: &'l str,
    tone: Tone,
    state: &'l str,
    took: Duration,
    remark: String,
}

impl<'o> Progress<'o> {
    pub fn new(out: &'o mut dyn Write, quiet: bool) -> Self {
        let live = io::stdout().is_terminal();
        let (states, attempts) = (HashMap::new(), HashMap::new());
        Self {
            out,
            quiet,
            live,
            states,
            attempts,
            error: None,
        }
    }

    /// Names the saga and its execution.
    pub fn begin(&mut self, saga: &str, execution: &str) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        writeln!(
            self.out,
            "{}  {}\n",
            Tone::Name.paint(saga),
            Tone::Quiet.paint(execution)
        )?;
        self.out.flush()
    }

    /// Shows what is new in the history.
    pub fn show(&mut self, events: &[HistoryEvent]) {
        if self.quiet || self.error.is_some() {
            return;
        }
        let shown = events.iter().try_for_each(|event| self.event(event));
        self.error = shown.and_then(|()| self.out.flush()).err();
    }

    /// The error that kept a line from being written, if there was one.
    pub fn finish(self) -> io::Result<()> {
        self.error.map_or(Ok(()), Err)
    }

    fn event(&mut self, event: &HistoryEvent) -> io::Result<()> {
        let state = match &event.detail {
            Detail::StateEntered { name, .. } | Detail::StateExited { name, .. } => {
                Arc::clone(name)
            }
            _ => self
                .states
                .get(&event.previous)
                .cloned()
                .unwrap_or_default(),
        };
        self.states.insert(event.id, Arc::clone(&state));
        match &event.detail {
            Detail::StateEntered {
                kind: StateType::Fail | StateType::Succeed,
                ..
            } => Ok(()),
            Detail::StateEntered { .. } => self.started(&state, 1, event.at),
            Detail::Scheduled { .. } => self.tried_again(&state, event.at),
            Detail::Failed { failure, .. } => self.failed(&state, "failed", failure, event.at),
            Detail::TimedOut { failure, .. } => self.failed(&state, "timed out", failure, event.at),
            Detail::EvaluationFailed { failure, .. } => {
                self.failed(&state, "failed", failure, event.at)
            }
            Detail::StateExited { .. } => self.exited(&state, event.at),
            _ => Ok(()),
        }
    }

    fn started(&mut self, state: &Arc<str>, number: u32, at: Timestamp) -> io::Result<()> {
        self.attempts.insert(
            Arc::clone(state),
            Attempt {
                number,
                since: at,
                failed: false,
            },
        );
        if self.live {
            write!(self.out, "\r\x1b[K  {} {state}", Tone::Quiet.paint("…"))?;
        }
        Ok(())
    }

    /// A call that follows a failed one of the same state.
    fn tried_again(&mut self, state: &Arc<str>, at: Timestamp) -> io::Result<()> {
        match self.attempts.get(state) {
            Some(attempt) if attempt.failed => self.started(state, attempt.number + 1, at),
            _ => Ok(()),
        }
    }

    fn failed(
        &mut self,
        state: &Arc<str>,
        how: &str,
        failure: &Failure,
        at: Timestamp,
    ) -> io::Result<()> {
        let attempt = self.attempts.get_mut(state);
        let (number, took) = attempt.map_or((1, Duration::ZERO), |attempt| {
            attempt.failed = true;
            (attempt.number, since(attempt.since, at))
        });
        let error = failure.error.as_deref().unwrap_or("no error is named");
        let mut remark = format!("{how}: {error}{}", said(failure));
        if number > 1 {
            remark = format!("attempt {number} {remark}");
        }
        self.line(&Line {
            mark: "✗",
            tone: Tone::Bad,
            state,
            took,
            remark,
        })
    }

    /// A state whose last attempt failed has shown so already: what follows shows where it went.
    fn exited(&mut self, state: &Arc<str>, at: Timestamp) -> io::Result<()> {
        let Some(attempt) = self
            .attempts
            .remove(state)
            .filter(|attempt| !attempt.failed)
        else {
            return Ok(());
        };
        let took = since(attempt.since, at);
        let (mark, tone) = if state.starts_with("Undo") {
            ("↶", Tone::Warning)
        } else {
            ("✓", Tone::Good)
        };
        let remark = if attempt.number > 1 {
            format!("on attempt {}", attempt.number)
        } else {
            String::new()
        };
        self.line(&Line {
            mark,
            tone,
            state,
            took,
            remark,
        })
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        let over = if self.live { "\r\x1b[K" } else { "" };
        let took = Tone::Quiet.paint(&format!("{:>9}", duration(line.took)));
        let (mark, remark) = (line.tone.paint(line.mark), line.tone.paint(&line.remark));
        writeln!(
            self.out,
            "{over}  {mark} {:<28} {took}  {remark}",
            line.state
        )
    }
}

fn since(start: Timestamp, end: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(end.since(start)).unwrap_or_default())
}

/// The message in a function's error, or the cause itself where it is short.
fn said(failure: &Failure) -> String {
    let Some(cause) = failure.cause.as_deref() else {
        return String::new();
    };
    let payload: Option<serde_json::Value> = serde_json::from_str(cause).ok();
    let message = payload
        .as_ref()
        .and_then(|error| error.get("errorMessage")?.as_str());
    let text = message.unwrap_or(cause).lines().next().unwrap_or_default();
    format!(": {}", text.chars().take(120).collect::<String>())
}
