//! How a saga by events ended, where each of its steps is, and what it left behind.

use std::io::{self, Write};
use std::time::Duration;

use saga_choreography::view;
use saga_local::saga::EventRun;
use saga_local::services::Contents;
use serde_json::{Map, Value, json};

use super::super::super::options::Presentation;
use super::super::report::tell_contents;
use crate::exit::Exit;
use crate::show::{self, Tone};

pub(super) struct Report<'r> {
    pub(super) ended: &'r EventRun,
    pub(super) contents: Contents,
    pub(super) took: Duration,
}

impl Report<'_> {
    pub(super) fn exit(&self) -> Exit {
        match self.outcome().as_str() {
            "completed" => Exit::Success,
            "compensated" => Exit::Compensated,
            "parked" => Exit::Parked,
            _ => Exit::Failure,
        }
    }

    /// `completed`, `compensated`, `parked`; anything else is no end.
    fn outcome(&self) -> String {
        text(&view(&self.ended.record), "status")
    }

    pub(super) fn write(&self, shown: Presentation, out: &mut dyn Write) -> io::Result<()> {
        match (shown.json, shown.history) {
            (true, with_history) => writeln!(out, "{}", self.object(with_history)),
            (false, true) => writeln!(out, "{}", json!({ "events": self.events() })),
            (false, false) => self.tell(out),
        }
    }

    /// One object: how the saga ended, the output or the error and its cause, where it is, the rows of each table and the
    /// messages in each queue.
    fn object(&self, with_history: bool) -> Value {
        let record = &self.ended.record;
        let view = view(record);
        let mut members = Map::from_iter([
            ("saga".to_owned(), record.saga.clone().into()),
            ("execution".to_owned(), record.id.clone().into()),
            ("outcome".to_owned(), self.outcome().into()),
        ]);
        members.extend(
            view.get("output")
                .map(|output| ("output".to_owned(), output.clone())),
        );
        if let Some(error) = &record.error {
            members.insert("error".to_owned(), error.name.clone().into());
            members.insert("cause".to_owned(), error.message.clone().into());
        }
        members.insert("tables".to_owned(), json!(self.contents.tables));
        members.insert("queues".to_owned(), json!(self.contents.queues));
        members.insert("view".to_owned(), view);
        members.extend(with_history.then(|| ("events".to_owned(), self.events())));
        let mut object = Value::Object(members);
        object.sort_all_objects();
        object
    }

    fn events(&self) -> Value {
        let events = self.ended.events.iter();
        events.map(saga_choreography::Event::detail).collect()
    }

    fn tell(&self, out: &mut dyn Write) -> io::Result<()> {
        let record = &self.ended.record;
        let view = view(record);
        let outcome = self.outcome();
        let tone = match self.exit() {
            Exit::Success => Tone::Good,
            Exit::Compensated => Tone::Warning,
            _ => Tone::Bad,
        };
        let took = show::duration(self.took);
        writeln!(out, "\n{} {} in {took}", record.saga, tone.paint(&outcome))?;
        if let Some(output) = view.get("output") {
            writeln!(out, "  output {output}")?;
        }
        if let Some(error) = &record.error {
            writeln!(out, "  {} at {}: {}", error.name, error.step, error.message)?;
        }
        let steps = view.get("steps").and_then(Value::as_object);
        for (name, step) in steps.into_iter().flatten() {
            let of = |way: &str| step.get(way).map(|task| text(task, "status"));
            let undo = of("undo").map(|undo| format!(", undo {undo}"));
            let (done, undo) = (of("do").unwrap_or_default(), undo.unwrap_or_default());
            writeln!(out, "  step {} {done}{undo}", Tone::Name.paint(name))?;
        }
        tell_contents(&self.contents, out)
    }
}

fn text(of: &Value, name: &str) -> String {
    let text = of.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
