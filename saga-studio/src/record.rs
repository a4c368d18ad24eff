//! What is told of a run, line by line: written by its thread, read by as many pages as there are.

use std::sync::{Mutex, MutexGuard, PoisonError};

use saga_engine::history::HistoryEvent;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::contents::Splice;
use crate::mask::Mask;

/// A line of a record.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    /// The event's type, as the API has it; `Begun` and `Ended` are the studio's own.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The event's number in its execution.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) id: u64,
    /// Milliseconds since the run began, on its clock.
    pub(crate) at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<usize>,
    /// The state machine, where it is not the saga's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) machine: Option<String>,
    /// Of what a handler printed: in which attempt, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attempt: Option<u32>,
    /// What there is to say in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) said: Option<String>,
    /// The states whose box changes, each with its class.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) paint: Vec<(String, &'static str)>,
    /// The transitions that are taken now, by number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) taken: Vec<usize>,
    /// Those that are not any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) untaken: Vec<usize>,
    /// What changed in tables and queues.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) stores: Vec<Splice>,
    /// How the run ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ended: Option<Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What a line is about, to be looked at in full.
#[derive(Debug)]
pub(crate) enum Held {
    /// An event of an execution.
    Event(HistoryEvent),
    /// Something of a saga by events, in the form of the API: `{"deliveredEventDetails": {…}}`.
    Heard(Value),
}

impl Held {
    fn rendered(&self) -> Value {
        match self {
            Self::Event(event) => serde_json::to_value(event.render()).unwrap_or_default(),
            Self::Heard(value) => value.clone(),
        }
    }
}

/// A run, as far as it is.
#[derive(Debug)]
pub(crate) struct Record {
    told: Mutex<Told>,
    grown: watch::Sender<()>,
    stop: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Told {
    lines: Vec<Kept>,
    /// When the last line was, in milliseconds since the run began.
    at: i64,
    mask: Mask,
    ended: bool,
}

#[derive(Debug)]
struct Kept {
    /// The line as JSON, with its end.
    clear: String,
    /// The same with dots for what is sensitive, where anything is.
    masked: Option<String>,
    held: Option<Held>,
}

impl Record {
    /// Of a package where this is sensitive.
    pub(crate) fn new(mask: Mask) -> Self {
        Self {
            told: Mutex::new(Told {
                mask,
                ..Told::default()
            }),
            grown: watch::channel(()).0,
            stop: watch::channel(false).0,
        }
    }

    /// Adds lines, each with what it is about.
    pub(crate) fn push(&self, lines: Vec<(Line, Option<Held>)>) {
        let mut told = self.lock();
        for (line, held) in lines {
            told.push(&line, held);
        }
        drop(told);
        self.grown.send_replace(());
    }

    /// Adds a line that a handler printed, now.
    pub(crate) fn print(&self, line: Line) {
        let mut told = self.lock();
        let line = Line {
            at: told.at,
            ..line
        };
        told.push(&line, None);
        drop(told);
        self.grown.send_replace(());
    }

    /// Says that no line comes any more.
    pub(crate) fn end(&self) {
        self.lock().ended = true;
        self.grown.send_replace(());
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.lock().ended
    }

    /// Lines from one on, how many they are, and whether none comes any more.
    pub(crate) fn since(&self, from: usize, most: usize, seen: Seen) -> (String, usize, bool) {
        let told = self.lock();
        let lines = told.lines.iter().skip(from).take(most);
        let count = lines.len();
        let text = lines.map(|kept| kept.seen(seen)).collect();
        (text, count, told.ended)
    }

    /// What a line is about, as the API has it.
    pub(crate) fn event(&self, line: usize, seen: Seen) -> Option<Value> {
        let told = self.lock();
        let event = told.lines.get(line)?.held.as_ref()?.rendered();
        let Value::Object(members) = event else {
            return None;
        };
        let members = members.into_iter().map(|(name, value)| match seen {
            Seen::Masked => (name, told.mask.members(&value)),
            Seen::Clear => (name, value),
        });
        Some(Value::Object(members.collect()))
    }

    pub(crate) fn watch(&self) -> watch::Receiver<()> {
        self.grown.subscribe()
    }

    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(crate) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// INVARIANT: whoever panicked while it held this left whole lines.
    fn lock(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How somebody sees a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// With dots for what is sensitive.
    Masked,
    /// As it is.
    Clear,
}

impl Told {
    fn push(&mut self, line: &Line, held: Option<Held>) {
        self.at = line.at;
        // INVARIANT: a line has text for keys.
        let clear = serde_json::to_string(line).unwrap_or_default();
        let masked = (!self.mask.is_empty()).then(|| {
            if let Some(held) = &held {
                self.mask.learn(&held.rendered());
            }
            self.mask.learn(&json!(line.stores));
            format!("{}\n", masked(&self.mask, json!(line)))
        });
        self.lines.push(Kept {
            clear: clear + "\n",
            masked,
            held,
        });
    }
}

/// A line's own names are not the user's: only what holds the user's data is looked into.
fn masked(mask: &Mask, mut line: Value) -> Value {
    for name in ["said", "ended"] {
        if let Some(value) = line.get_mut(name) {
            *value = mask.members(value);
        }
    }
    let stores = line.get_mut("stores").and_then(Value::as_array_mut);
    for rows in stores
        .into_iter()
        .flatten()
        .filter_map(|store| store.get_mut("rows"))
    {
        *rows = mask.value(rows);
    }
    line
}

impl Kept {
    fn seen(&self, seen: Seen) -> &str {
        match (seen, &self.masked) {
            (Seen::Masked, Some(masked)) => masked,
            _ => &self.clear,
        }
    }
}
