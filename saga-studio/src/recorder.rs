//! Watches a run and writes its record.

use std::sync::Arc;

use saga_engine::fault::Failure;
use saga_engine::history::{Detail, HistoryEvent, StateType};
use saga_engine::time::Timestamp;
use saga_graph::{Canvas, History, Painting};
use saga_local::saga::{Act, Audience, Seen};
use saga_local::services::Embedded;

use crate::contents::{Splice, Stores, changes, stores};
use crate::place::Places;
use crate::record::{Held, Line, Record};

/// Characters that are said of an event.
const SAID: usize = 160;

/// Whoever watches a run.
pub(crate) struct Recorder<'r> {
    record: Arc<Record>,
    saga: &'r str,
    canvas: &'r Canvas<'r>,
    services: Embedded,
    act: Act,
    began: Option<Timestamp>,
    last: i64,
    places: Places,
    history: History,
    painting: Painting,
    stores: Stores,
    /// The states that the saga's own execution entered, without those that only choose.
    pub(crate) states: Vec<String>,
}

impl<'r> Recorder<'r> {
    pub(crate) fn new(
        record: Arc<Record>,
        saga: &'r str,
        canvas: &'r Canvas<'r>,
        services: Embedded,
    ) -> Self {
        Self {
            record,
            saga,
            canvas,
            services,
            act: Act::Saga,
            began: None,
            last: 0,
            places: Places::default(),
            history: History::default(),
            painting: canvas.painted(&History::default()),
            stores: Stores::new(),
            states: Vec::new(),
        }
    }

    /// A line of the studio's own.
    pub(crate) fn say(&mut self, line: Line) {
        let line = Line {
            at: self.last,
            stores: self.changed(),
            ..line
        };
        self.record.push(vec![(line, None)]);
    }

    fn changed(&mut self) -> Vec<Splice> {
        let now = stores(self.services.contents());
        let found = changes(&self.stores, &now);
        self.stores = now;
        found
    }

    /// Whether the saga's own execution is meant, which the picture shows.
    fn is_own(&self, seen: &Seen<'_>) -> bool {
        let own = seen.execution == 0 && seen.machine == self.saga;
        own && matches!(self.act, Act::Saga | Act::Redrive)
    }

    fn line(&mut self, seen: &Seen<'_>, event: &HistoryEvent) -> Line {
        let began = *self.began.get_or_insert(event.at);
        self.last = event.at.since(began);
        let place = self.places.push(seen.execution, event);
        let mut line = Line {
            kind: event.detail.event_type(),
            id: event.id,
            at: self.last,
            state: place.state.as_deref().map(str::to_owned),
            item: place.item,
            machine: (seen.machine != self.saga).then(|| seen.machine.to_owned()),
            said: said(&event.detail),
            ..Line::default()
        };
        if self.is_own(seen) {
            self.paint(event, &mut line);
        }
        line
    }

    fn paint(&mut self, event: &HistoryEvent, line: &mut Line) {
        let name = match &event.detail {
            Detail::StateEntered { kind, name, .. } => {
                if *kind != StateType::Choice {
                    self.states.push(name.to_string());
                }
                Some(&**name)
            }
            Detail::StateExited { name, .. } => Some(&**name),
            _ => None,
        };
        self.history
            .push(&line.kind, event.id, event.previous, name);
        let painting = self.canvas.painted(&self.history);
        (line.paint, line.taken, line.untaken) = painted(&self.painting, &painting);
        self.painting = painting;
    }
}

/// Boxes with the classes that they have now.
type Paint = Vec<(String, &'static str)>;

/// What makes one painting of another: boxes, transitions that are taken, those that are not any more.
pub(crate) fn painted(before: &Painting, now: &Painting) -> (Paint, Vec<usize>, Vec<usize>) {
    let states = now.states.iter();
    let paint = states
        .filter(|(state, class)| before.states.get(*state) != Some(class))
        .map(|(state, class)| (state.clone(), *class));
    (
        paint.collect(),
        difference(now, before),
        difference(before, now),
    )
}

fn difference(one: &Painting, other: &Painting) -> Vec<usize> {
    one.taken.difference(&other.taken).copied().collect()
}

impl Audience for Recorder<'_> {
    fn begin(&mut self, act: Act, known: &[HistoryEvent]) {
        self.act = act;
        self.places = Places::default();
        for event in known {
            self.places.push(0, event);
        }
        if act != Act::Saga {
            self.say(Line {
                kind: "Begun".into(),
                said: Some(format!("{}{}", act.prefix(), self.saga)),
                ..Line::default()
            });
        }
    }

    fn see(&mut self, seen: Seen<'_>) {
        // What happened before these events: they are what it led to.
        let mut stores = self.changed();
        let mut lines = Vec::with_capacity(seen.events.len());
        for event in seen.events {
            let mut line = self.line(&seen, event);
            line.stores = std::mem::take(&mut stores);
            lines.push((line, Some(Held::Event(event.clone()))));
        }
        self.record.push(lines);
    }
}

fn said(detail: &Detail) -> Option<String> {
    match detail {
        Detail::Failed { failure, .. }
        | Detail::TimedOut { failure, .. }
        | Detail::EvaluationFailed { failure, .. }
        | Detail::MapStateFailed(failure)
        | Detail::ParallelStateFailed(failure)
        | Detail::ExecutionFailed(failure)
        | Detail::ExecutionTimedOut(failure)
        | Detail::ExecutionAborted(failure) => Some(worded(failure)),
        Detail::MapStateStarted { length } => Some(format!("{length} items")),
        _ => None,
    }
}

/// The error, and the message in a function's error or the cause itself.
fn worded(failure: &Failure) -> String {
    let error = failure.error.as_deref().unwrap_or("no error is named");
    let Some(cause) = failure.cause.as_deref() else {
        return error.to_owned();
    };
    let payload: Option<serde_json::Value> = serde_json::from_str(cause).ok();
    let message = payload
        .as_ref()
        .and_then(|error| error.get("errorMessage")?.as_str());
    let text = message.unwrap_or(cause).lines().next().unwrap_or_default();
    let text: String = text.chars().take(SAID).collect();
    format!("{error}: {text}")
}
