//! What is told of a run, line by line: written by its thread, read by as many pages as there are.

use std::sync::{Mutex, MutexGuard, PoisonError};

use saga_engine::history::HistoryEvent;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

use crate::contents::Splice;

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

/// A run, as far as it is.
#[derive(Debug)]
pub(crate) struct Record {
    told: Mutex<Told>,
    grown: watch::Sender<()>,
    stop: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Told {
    /// The lines as JSON, each with its end.
    lines: Vec<String>,
    /// The events of those lines that are about one.
    events: Vec<Option<HistoryEvent>>,
    ended: bool,
}

impl Record {
    pub(crate) fn new() -> Self {
        Self {
            told: Mutex::default(),
            grown: watch::channel(()).0,
            stop: watch::channel(false).0,
        }
    }

    /// Adds lines, each with its event.
    pub(crate) fn push(&self, lines: Vec<(Line, Option<HistoryEvent>)>) {
        let mut told = self.lock();
        for (line, event) in lines {
            // INVARIANT: a line has text for keys.
            let text = serde_json::to_string(&line).unwrap_or_default();
            told.lines.push(format!("{text}\n"));
            told.events.push(event);
        }
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
    pub(crate) fn since(&self, from: usize, most: usize) -> (String, usize, bool) {
        let told = self.lock();
        let lines = told.lines.iter().skip(from).take(most);
        (lines.clone().cloned().collect(), lines.len(), told.ended)
    }

    /// The event of a line, as the API has it.
    pub(crate) fn event(&self, line: usize) -> Option<Value> {
        let event = self.lock().events.get(line)?.clone()?;
        serde_json::to_value(event.render()).ok()
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
