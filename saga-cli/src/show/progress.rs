//! A saga as it happens: a line for each attempt of each state.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, IsTerminal as _, Write};
use std::sync::Arc;
use std::time::Duration;

use saga_engine::fault::Failure;
use saga_engine::history::{Detail, HistoryEvent, StateType};
use saga_engine::time::Timestamp;
use saga_local::saga::Seen;

use super::{Tone, duration};

/// The characters of a failure's message that are shown.
const LONGEST: usize = 200;

/// Writes what it is shown. The first error is kept until the saga is over.
pub struct Progress<'o> {
    out: &'o mut dyn Write,
    quiet: bool,
    /// Whether a line can be written over: a state that is at work shows then.
    live: bool,
    /// Where each event of an execution belongs.
    places: HashMap<(usize, u64), Place>,
    /// The states that are under way, by execution and the event with which they were entered.
    attempts: HashMap<(usize, u64), Attempt>,
    /// How many executions the one that is shown is nested in.
    depth: usize,
    /// Whether what it is shown was shown before.
    recalls: bool,
    /// The names that the author gave; none: all states are the author's.
    authored: Option<BTreeSet<String>>,
    error: Option<io::Error>,
}

/// Where an event belongs.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The event with which its state was entered.
    entered: u64,
    /// The item of the innermost map around it.
    item: Option<usize>,
}

/// The attempt that a state is at.
#[derive(Clone)]
struct Attempt {
    state: Arc<str>,
    /// Whether it is shown only where it fails.
    is_plumbing: bool,
    item: Option<usize>,
    number: u32,
    since: Timestamp,
    failed: bool,
}

/// What became of an attempt.
struct Line<'l> {
    mark: &'l str,
    tone: Tone,
    state: String,
    took: Duration,
    remark: String,
}

impl<'o> Progress<'o> {
    pub fn new(out: &'o mut dyn Write, quiet: bool) -> Self {
        let live = io::stdout().is_terminal();
        Self {
            out,
            quiet,
            live,
            places: HashMap::new(),
            attempts: HashMap::new(),
            depth: 0,
            recalls: false,
            authored: None,
            error: None,
        }
    }

    /// Shows, of the states that do nothing themselves, those of the author alone.
    #[must_use]
    pub fn of_author(self, authored: BTreeSet<String>) -> Self {
        Self {
            authored: Some(authored),
            ..self
        }
    }

    /// Names the saga and its execution, of which so much is known already: a redrive begins in states that were
    /// entered before.
    pub fn begin(&mut self, saga: &str, execution: &str, known: &[HistoryEvent]) {
        if self.quiet || self.error.is_some() {
            return;
        }
        self.places.clear();
        self.attempts.clear();
        self.recalls = true;
        self.show(&Seen {
            execution: 0,
            machine: "",
            depth: 0,
            events: known,
        });
        self.recalls = false;
        let (saga, execution) = (Tone::Name.paint(saga), Tone::Quiet.paint(execution));
        let written = writeln!(self.out, "{saga}  {execution}\n");
        self.error = written.and_then(|()| self.out.flush()).err();
    }

    /// Shows what is new in the history of an execution.
    pub fn show(&mut self, seen: &Seen<'_>) {
        if self.quiet || self.error.is_some() {
            return;
        }
        self.depth = seen.depth;
        let mut events = seen.events.iter();
        let shown = events.try_for_each(|event| self.event(seen.execution, event));
        self.error = shown.and_then(|()| self.out.flush()).err();
    }

    /// The error that kept a line from being written, if there was one.
    pub fn finish(self) -> io::Result<()> {
        self.error.map_or(Ok(()), Err)
    }

    fn event(&mut self, execution: usize, event: &HistoryEvent) -> io::Result<()> {
        let place = self.place(execution, event);
        self.places.insert((execution, event.id), place);
        let key = (execution, place.entered);
        match &event.detail {
            Detail::StateEntered {
                kind: StateType::Fail | StateType::Succeed,
                ..
            } => Ok(()),
            Detail::StateEntered { kind, name, .. } => {
                let attempt = Attempt {
                    state: Arc::clone(name),
                    is_plumbing: self.is_plumbing(*kind, name),
                    item: place.item,
                    number: 1,
                    since: event.at,
                    failed: false,
                };
                self.started(key, attempt)
            }
            Detail::Scheduled { .. } => self.tried_again(key, event.at),
            Detail::Submitted { .. } => self.waits(key),
            Detail::Failed { failure, .. } => self.failed(key, "failed", failure, event.at),
            Detail::TimedOut { failure, .. } => self.failed(key, "timed out", failure, event.at),
            Detail::EvaluationFailed { failure, .. } => {
                self.failed(key, "failed", failure, event.at)
            }
            Detail::StateExited { .. } => self.exited(key, event.at),
            _ => Ok(()),
        }
    }

    /// Whether a state only hands data on or asks what became of others, and is none that the author named.
    fn is_plumbing(&self, kind: StateType, name: &str) -> bool {
        let hands_on = matches!(kind, StateType::Pass | StateType::Choice);
        let authored = |authored: &BTreeSet<String>| authored.contains(name);
        hands_on && self.authored.as_ref().is_some_and(|all| !authored(all))
    }

    fn place(&self, execution: usize, event: &HistoryEvent) -> Place {
        let before = self.places.get(&(execution, event.previous));
        let before = before.copied().unwrap_or_default();
        match &event.detail {
            Detail::StateEntered { .. } => Place {
                entered: event.id,
                ..before
            },
            Detail::MapIterationStarted { index, .. } => Place {
                item: Some(*index),
                ..before
            },
            // What was inside of a Parallel or a Map comes before its end.
            Detail::StateExited { name, .. } => {
                let own = self.attempts.get(&(execution, before.entered));
                if own.is_some_and(|attempt| attempt.state == *name) {
                    return before;
                }
                let mut all = self.attempts.iter();
                let found =
                    all.find(|((of, _), attempt)| *of == execution && attempt.state == *name);
                found.map_or(before, |((_, entered), attempt)| Place {
                    entered: *entered,
                    item: attempt.item,
                })
            }
            _ => before,
        }
    }

    fn started(&mut self, key: (usize, u64), attempt: Attempt) -> io::Result<()> {
        let shown = match attempt.is_plumbing {
            true => Ok(()),
            false => self.live_line(&attempt, ""),
        };
        self.attempts.insert(key, attempt);
        shown
    }

    fn live_line(&mut self, attempt: &Attempt, remark: &str) -> io::Result<()> {
        if !self.live || self.recalls {
            return Ok(());
        }
        let (indent, mark) = ("  ".repeat(self.depth), Tone::Quiet.paint("…"));
        write!(
            self.out,
            "\r\x1b[K  {indent}{mark} {}{remark}",
            attempt.name()
        )
    }

    /// A call that follows a failed one of the same state.
    fn tried_again(&mut self, key: (usize, u64), at: Timestamp) -> io::Result<()> {
        match self.attempts.get(&key).cloned() {
            Some(attempt) if attempt.failed => {
                let next = Attempt {
                    number: attempt.number + 1,
                    since: at,
                    failed: false,
                    ..attempt
                };
                self.started(key, next)
            }
            _ => Ok(()),
        }
    }

    /// The task has been handed over: its end, or its token, comes later.
    fn waits(&mut self, key: (usize, u64)) -> io::Result<()> {
        match self.attempts.get(&key).cloned() {
            Some(attempt) => self.live_line(&attempt, " waits"),
            None => Ok(()),
        }
    }

    fn failed(
        &mut self,
        key: (usize, u64),
        how: &str,
        failure: &Failure,
        at: Timestamp,
    ) -> io::Result<()> {
        let Some(attempt) = self.attempts.get_mut(&key) else {
            return Ok(());
        };
        attempt.failed = true;
        let error = failure.error.as_deref().unwrap_or("no error is named");
        let mut remark = format!("{how}: {error}{}", said(failure));
        if attempt.number > 1 {
            remark = format!("attempt {} {remark}", attempt.number);
        }
        let line = Line {
            mark: "✗",
            tone: Tone::Bad,
            state: attempt.name(),
            took: since(attempt.since, at),
            remark,
        };
        self.line(&line)
    }

    /// A state whose last attempt failed has shown so already: what follows shows where it went.
    fn exited(&mut self, key: (usize, u64), at: Timestamp) -> io::Result<()> {
        let removed = self.attempts.remove(&key);
        let Some(attempt) = removed.filter(|attempt| !attempt.failed && !attempt.is_plumbing)
        else {
            return Ok(());
        };
        let (mark, tone) = if attempt.state.starts_with("Undo") {
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
            state: attempt.name(),
            took: since(attempt.since, at),
            remark,
        })
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        if self.recalls {
            return Ok(());
        }
        let over = if self.live { "\r\x1b[K" } else { "" };
        let took = Tone::Quiet.paint(&format!("{:>9}", duration(line.took)));
        let mark = line.tone.paint(line.mark);
        let remark = match line.remark.as_str() {
            "" => String::new(),
            remark => format!("  {}", line.tone.paint(remark)),
        };
        let indent = "  ".repeat(self.depth);
        writeln!(
            self.out,
            "{over}  {indent}{mark} {:<28} {took}{remark}",
            line.state
        )
    }
}

impl Attempt {
    /// The state, and the item of a map.
    fn name(&self) -> String {
        match self.item {
            Some(item) => format!("{}[{item}]", self.state),
            None => self.state.to_string(),
        }
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
    let more = if text.chars().nth(LONGEST).is_some() {
        "…"
    } else {
        ""
    };
    format!(": {}{more}", text.chars().take(LONGEST).collect::<String>())
}
