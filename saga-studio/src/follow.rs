//! Watches a saga by events and writes its record: what is delivered, and what each step comes to.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_choreography::{Action, Event, Fact, Record as Facts, Stage, Task, view};
use saga_engine::time::Timestamp;
use saga_graph::{Canvas, History, Painting};
use saga_local::saga::Heard;
use saga_local::services::Embedded;
use serde_json::{Value, json};

use crate::contents::{Kind, Splice, Stores, changes, stores};
use crate::record::{Held, Line, Record};
use crate::recorder::painted;

/// The name under which the steps of a saga stand beside its tables.
const STEPS: &str = "Steps";

/// Whoever follows a run.
pub(crate) struct Follower<'f> {
    record: Arc<Record>,
    saga: &'f str,
    canvas: &'f Canvas<'f>,
    services: Embedded,
    began: Option<Timestamp>,
    last: i64,
    events: u64,
    history: History,
    painting: Painting,
    stores: Stores,
    /// What became of each do and undo, by the name of its state.
    stages: BTreeMap<String, Stage>,
    steps: Vec<Value>,
}

impl<'f> Follower<'f> {
    pub(crate) fn new(
        record: Arc<Record>,
        saga: &'f str,
        canvas: &'f Canvas<'f>,
        services: Embedded,
    ) -> Self {
        Self {
            record,
            saga,
            canvas,
            services,
            began: None,
            last: 0,
            events: 0,
            history: History::default(),
            painting: canvas.painted(&History::default()),
            stores: Stores::new(),
            stages: BTreeMap::new(),
            steps: Vec::new(),
        }
    }

    /// Hears of the run.
    pub(crate) fn hear(&mut self, at: Timestamp, heard: Heard<'_>) {
        let began = *self.began.get_or_insert(at);
        self.last = at.since(began);
        match heard {
            Heard::Delivered(event) => self.delivered(event),
            Heard::Written(facts) => self.written(facts),
        }
    }

    /// A line of the studio's own.
    pub(crate) fn say(&mut self, mut line: Line) {
        line.stores = self.changed();
        self.push(line, None);
    }

    fn delivered(&mut self, event: &Event) {
        let state = event
            .step
            .as_deref()
            .map(|step| named(step, event.action.is_undo()));
        let again = match event.attempt {
            0 => String::new(),
            attempt => format!(", attempt {}", attempt + 1),
        };
        if let Some(state) = &state {
            self.paint("TaskStateEntered", state);
        }
        match event.action {
            Action::Completed => {
                self.paint("SucceedStateEntered", &format!("{}Succeeded", self.saga))
            }
            Action::Compensated => self.paint("FailStateEntered", &format!("{}Failed", self.saga)),
            _ => {}
        }
        let line = Line {
            kind: "Delivered".into(),
            state,
            said: Some(format!("{} from {}{again}", event.kind, event.source)),
            attempt: event.step.as_ref().map(|_| event.attempt),
            stores: self.changed(),
            ..Line::default()
        };
        let held =
            json!({ "deliveredEventDetails": { "input": event.data, "event": event.detail() } });
        self.push(line, Some(Held::Heard(held)));
    }

    /// Tells of the steps whose stage is another one than before.
    fn written(&mut self, facts: &Facts) {
        for (step, fact) in &facts.steps {
            self.settled(named(step, false), &fact.forward, false);
            if let Some(undo) = &fact.backward {
                self.settled(named(step, true), undo, true);
            }
        }
        self.steps = facts
            .steps
            .iter()
            .map(|(step, fact)| row(step, fact))
            .collect();
    }

    fn settled(&mut self, state: String, task: &Task, undo: bool) {
        let before = self.stages.insert(state.clone(), task.stage.clone());
        if before.as_ref() == Some(&task.stage) {
            return;
        }
        let (kind, said, held) = match &task.stage {
            Stage::Due(_) | Stage::Asked => return,
            Stage::Done(answer) => {
                let (kind, details) = if undo {
                    ("Undone", "undoneEventDetails")
                } else {
                    ("Done", "doneEventDetails")
                };
                self.paint("TaskStateExited", &state);
                (kind, None, json!({ details: { "output": answer } }))
            }
            Stage::NotDone(failure) | Stage::Unsure(failure) | Stage::Parked(failure) => {
                let (kind, details) = match &task.stage {
                    Stage::NotDone(_) => ("NotDone", "notDoneEventDetails"),
                    Stage::Unsure(_) => ("OutcomeUnknown", "outcomeUnknownEventDetails"),
                    _ => ("Parked", "parkedEventDetails"),
                };
                self.paint("TaskFailed", &state);
                if kind == "Parked" {
                    self.paint("TaskStateEntered", &format!("{state}Parked"));
                }
                let said = format!("{}: {}", failure.name, failure.message);
                let held = json!({ details: { "error": failure.name, "cause": failure.message } });
                (kind, Some(said), held)
            }
        };
        let line = Line {
            kind: kind.into(),
            state: Some(state),
            said,
            attempt: Some(task.order.attempt),
            stores: self.changed(),
            ..Line::default()
        };
        self.push(line, Some(Held::Heard(held)));
    }

    fn push(&mut self, line: Line, held: Option<Held>) {
        let painting = self.canvas.painted(&self.history);
        let (paint, taken, untaken) = painted(&self.painting, &painting);
        self.painting = painting;
        self.events += 1;
        let line = Line {
            id: self.events,
            at: self.last,
            paint,
            taken,
            untaken,
            ..line
        };
        self.record.push(vec![(line, held)]);
    }

    /// A history as the state machine's would be, for the same picture.
    fn paint(&mut self, kind: &str, state: &str) {
        self.history.push(kind, self.events, 0, Some(state));
    }

    fn changed(&mut self) -> Vec<Splice> {
        let mut now = stores(self.services.contents());
        now.insert((Kind::Saga, STEPS.to_owned()), self.steps.clone());
        let found = changes(&self.stores, &now);
        self.stores = now;
        found
    }
}

/// How it ended: `ending`, `output`, `error`, `cause`.
pub(crate) fn told(facts: &Facts) -> Value {
    let view = view(facts);
    let error = facts.error.as_ref();
    json!({
        "ending": view.get("status"),
        "output": view.get("output"),
        "error": error.map(|error| &error.name),
        "cause": error.map(|error| &error.message),
    })
}

/// The name of the state that would do the same in a state machine.
fn named(step: &str, undo: bool) -> String {
    if undo {
        format!("Undo{step}")
    } else {
        step.to_owned()
    }
}

fn row(step: &str, fact: &Fact) -> Value {
    json!({
        "step": step,
        "do": came_to(&fact.forward),
        "undo": fact.backward.as_ref().map_or_else(String::new, came_to),
    })
}

/// What became of a do or an undo, and with which attempt, if not the first.
fn came_to(task: &Task) -> String {
    match task.order.attempt {
        0 => stage(task).to_owned(),
        attempt => format!("{}, attempt {}", stage(task), attempt + 1),
    }
}

fn stage(task: &Task) -> &'static str {
    match task.stage {
        Stage::Due(_) | Stage::Asked => "asked for",
        Stage::Done(_) => "done",
        Stage::NotDone(_) => "not done",
        Stage::Unsure(_) => "unknown",
        Stage::Parked(_) => "parked",
    }
}
