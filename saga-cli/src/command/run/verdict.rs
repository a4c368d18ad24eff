//! How an execution ended, for people and for machines.

use std::io::{self, Write};

use saga_asl::data::Data;
use saga_engine::execution::{Execution, Outcome, Status};

use super::options::Presentation;
use crate::exit::Exit;

pub(super) struct Verdict<'e> {
    pub(super) outcome: &'e Outcome,
    pub(super) execution: &'e Execution,
}

impl Verdict<'_> {
    pub(super) fn exit(&self) -> Exit {
        match self.outcome.status {
            Status::Succeeded => Exit::Success,
            _ => Exit::Failure,
        }
    }

    pub(super) fn write(&self, shown: Presentation, out: &mut dyn Write) -> io::Result<()> {
        match (shown.json, shown.history) {
            (true, with_history) => writeln!(out, "{}", Data::object(self.members(with_history))),
            (false, true) => writeln!(out, "{}", Data::object([self.events()])),
            (false, false) => self.tell(out),
        }
    }

    /// `{"status": "SUCCEEDED", "output": …}` or `{"status": "FAILED", "error": …, "cause": …}`.
    /// An error or a cause that is not there is left out.
    fn members(&self, with_history: bool) -> Vec<(&'static str, Data)> {
        let mut members = vec![("status", Data::from(self.outcome.status.name()))];
        members.extend(self.outcome.output.clone().map(|output| ("output", output)));
        if let Some(failure) = &self.outcome.failure {
            let (error, cause) = (failure.error.clone(), failure.cause.clone());
            members.extend(error.map(|error| ("error", Data::String(error))));
            members.extend(cause.map(|cause| ("cause", Data::String(cause))));
        }
        members.extend(with_history.then(|| self.events()));
        members
    }

    fn events(&self) -> (&'static str, Data) {
        let events = self.execution.history().iter().map(|event| event.render());
        ("events", Data::array(events.collect()))
    }

    fn tell(&self, out: &mut dyn Write) -> io::Result<()> {
        let transitions = self.execution.transitions();
        let status = self.outcome.status.name().to_lowercase().replace('_', " ");
        let counted = if transitions == 1 {
            "transition"
        } else {
            "transitions"
        };
        writeln!(out, "\n{status} after {transitions} {counted}")?;
        if let Some(output) = &self.outcome.output {
            let pretty = serde_json::to_string_pretty(output).map_err(io::Error::other)?;
            return writeln!(out, "{pretty}");
        }
        let Some(failure) = &self.outcome.failure else {
            return Ok(());
        };
        if let Some(error) = &failure.error {
            writeln!(out, "  error: {error}")?;
        }
        if let Some(cause) = &failure.cause {
            writeln!(out, "  cause: {cause}")?;
        }
        Ok(())
    }
}
