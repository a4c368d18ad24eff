//! How a saga ended and what it left behind, for people and for machines.

use std::io::{self, Write};
use std::time::Duration;

use saga_asl::data::Data;
use saga_engine::execution::{Execution, Status};
use saga_local::saga::{Ended, Ending, Nested};
use saga_local::services::{Contents, QueuedMessage};
use serde_json::Value;

use super::super::options::Presentation;
use crate::exit::Exit;
use crate::show::{self, Tone};

pub(super) struct Report<'r> {
    pub(super) saga: &'r str,
    /// The execution's ARN: the saga's id.
    pub(super) execution: &'r str,
    pub(super) ended: &'r Ended,
    /// How the saga had ended before it was redriven, if it was.
    pub(super) redriven_from: Option<Ending>,
    pub(super) contents: Contents,
    pub(super) took: Duration,
}

impl Report<'_> {
    pub(super) fn exit(&self) -> Exit {
        match self.ended.ending {
            Ending::Completed => Exit::Success,
            Ending::Compensated => Exit::Compensated,
            Ending::Parked => Exit::Parked,
            Ending::Failed => Exit::Failure,
        }
    }

    pub(super) fn write(&self, shown: Presentation, out: &mut dyn Write) -> io::Result<()> {
        match (shown.json, shown.history) {
            (true, with_history) => writeln!(out, "{}", Data::object(self.members(with_history)?)),
            (false, true) => writeln!(out, "{}", Data::object([events(&self.ended.execution)])),
            (false, false) => self.tell(out),
        }
    }

    /// One object: how saga and execution ended, the output or the error and its cause, the rows of each
    /// table and the messages in each queue.
    fn members(&self, with_history: bool) -> io::Result<Vec<(&'static str, Data)>> {
        let outcome = &self.ended.outcome;
        let mut members = vec![
            ("saga", Data::from(self.saga)),
            ("execution", Data::from(self.execution)),
            ("outcome", Data::from(self.ended.ending.name())),
            ("status", Data::from(outcome.status.name())),
        ];
        let from = self.redriven_from.map(|ending| Data::from(ending.name()));
        members.extend(from.map(|ending| ("redrivenFrom", ending)));
        members.extend(outcome.output.clone().map(|output| ("output", output)));
        if let Some(failure) = &outcome.failure {
            members.extend(
                failure
                    .error
                    .clone()
                    .map(|error| ("error", Data::String(error))),
            );
            members.extend(
                failure
                    .cause
                    .clone()
                    .map(|cause| ("cause", Data::String(cause))),
            );
        }
        members.push(("tables", data(&self.contents.tables)?));
        members.push(("queues", data(&self.contents.queues)?));
        members.extend(with_history.then(|| events(&self.ended.execution)));
        if !self.ended.nested.is_empty() {
            let nested = self.ended.nested.iter();
            let nested = nested.map(|nested| executed(nested, with_history));
            members.push(("nested", Data::array(nested.collect())));
        }
        Ok(members)
    }

    fn tell(&self, out: &mut dyn Write) -> io::Result<()> {
        let (ending, tone) = (self.ended.ending, tone(self.ended.ending));
        let took = show::duration(self.took);
        writeln!(
            out,
            "\n{} {} in {took}",
            self.saga,
            tone.paint(ending.name())
        )?;
        self.tell_outcome(out)?;
        self.tell_nested(out)?;
        tell_contents(&self.contents, out)
    }

    fn tell_nested(&self, out: &mut dyn Write) -> io::Result<()> {
        for nested in &self.ended.nested {
            let status = nested.execution.outcome().map(|outcome| outcome.status);
            let status = status.map_or("RUNNING", Status::name);
            let (machine, arn) = (
                Tone::Name.paint(&nested.machine),
                Tone::Quiet.paint(&nested.arn),
            );
            writeln!(out, "  started {machine} {status}  {arn}")?;
        }
        Ok(())
    }

    fn tell_outcome(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(output) = &self.ended.outcome.output {
            return writeln!(out, "  output {output}");
        }
        let Some(failure) = &self.ended.outcome.failure else {
            return Ok(());
        };
        let error = failure.error.as_deref().unwrap_or("no error is named");
        let cause = failure.cause.as_deref().unwrap_or_default();
        writeln!(out, "  {error}: {cause}")
    }
}

fn events(execution: &Execution) -> (&'static str, Data) {
    let events = execution.history().iter();
    (
        "events",
        Data::array(events.map(|event| event.render()).collect()),
    )
}

/// An execution that a state of the saga started.
fn executed(nested: &Nested, with_history: bool) -> Data {
    let status = nested.execution.outcome().map(|outcome| outcome.status);
    let members = [
        ("saga", Data::from(nested.machine.as_str())),
        ("execution", Data::from(nested.arn.as_str())),
        ("status", Data::from(status.map_or("RUNNING", Status::name))),
    ];
    let events = with_history.then(|| events(&nested.execution));
    Data::object(members.into_iter().chain(events))
}

fn tone(ending: Ending) -> Tone {
    match ending {
        Ending::Completed => Tone::Good,
        Ending::Compensated => Tone::Warning,
        Ending::Parked | Ending::Failed => Tone::Bad,
    }
}

/// What lies in tables and queues.
pub(super) fn tell_contents(contents: &Contents, out: &mut dyn Write) -> io::Result<()> {
    for (table, rows) in &contents.tables {
        tell_list(out, "table", table, rows.iter().map(Value::to_string))?;
    }
    for (queue, messages) in &contents.queues {
        if !messages.is_empty() {
            tell_list(out, "queue", queue, messages.iter().map(told))?;
        }
    }
    Ok(())
}

fn tell_list(
    out: &mut dyn Write,
    kind: &str,
    name: &str,
    entries: impl Iterator<Item = String>,
) -> io::Result<()> {
    writeln!(out, "\n  {kind} {}", Tone::Name.paint(name))?;
    for entry in entries {
        writeln!(out, "    {entry}")?;
    }
    Ok(())
}

fn told(message: &QueuedMessage) -> String {
    let attributes: Vec<String> = message
        .attributes
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if attributes.is_empty() {
        message.body.to_string()
    } else {
        format!(
            "{}  {}",
            message.body,
            Tone::Quiet.paint(&attributes.join(" "))
        )
    }
}

fn data<T: serde::Serialize>(value: &T) -> io::Result<Data> {
    let value = serde_json::to_value(value).map_err(io::Error::other)?;
    serde_json::from_value(value).map_err(io::Error::other)
}
