//! An event as the API's `GetExecutionHistory` shows it.

use std::sync::Arc;

use saga_asl::data::Data;

use super::{Detail, Family, HistoryEvent};
use crate::fault::Failure;

type Members = Vec<(&'static str, Data)>;

impl HistoryEvent {
    /// The event as JSON, with payloads as JSON text.
    pub fn render(&self) -> Data {
        let mut members: Vec<(String, Data)> = vec![
            ("timestamp".to_owned(), Data::from(self.at.to_string())),
            ("type".to_owned(), Data::from(self.detail.event_type())),
            ("id".to_owned(), number(self.id)),
            ("previousEventId".to_owned(), number(self.previous)),
        ];
        if let Some((name, details)) = details(&self.detail) {
            members.push((name, Data::object(details)));
        }
        Data::object(members)
    }
}

fn number(id: u64) -> Data {
    Data::Number(id.into())
}

fn text(text: &Arc<str>) -> Data {
    Data::String(Arc::clone(text))
}

/// A payload: its text, and that all of it is there.
fn payload(name: &'static str, details: &'static str, data: &Data) -> Members {
    vec![
        (name, Data::from(data.to_string())),
        (details, Data::object([("truncated", Data::Bool(false))])),
    ]
}

fn input(data: &Data) -> Members {
    payload("input", "inputDetails", data)
}

fn output(data: &Data) -> Members {
    payload("output", "outputDetails", data)
}

fn failure(failure: &Failure) -> Members {
    let error = failure.error.as_ref().map(|error| ("error", text(error)));
    let cause = failure.cause.as_ref().map(|cause| ("cause", text(cause)));
    error.into_iter().chain(cause).collect()
}

fn details(detail: &Detail) -> Option<(String, Members)> {
    let members = match detail {
        Detail::ExecutionStarted { input: data, role } => {
            joined(input(data), vec![("roleArn", text(role))])
        }
        Detail::ExecutionSucceeded { output: data } => output(data),
        Detail::ExecutionRedriven { count } => {
            vec![("redriveCount", Data::from(i64::from(*count)))]
        }
        Detail::StateEntered {
            name, input: data, ..
        } => joined(vec![("name", text(name))], input(data)),
        Detail::StateExited {
            name,
            output: data,
            assigned,
            ..
        } => {
            let assigned = assigned
                .as_ref()
                .map(|data| payload("assignedVariables", "assignedVariablesDetails", data));
            let members = joined(vec![("name", text(name))], output(data));
            joined(members, assigned.unwrap_or_default())
        }
        Detail::MapStateStarted { length } => vec![("length", Data::from(*length))],
        Detail::MapIterationStarted { name, index }
        | Detail::MapIterationSucceeded { name, index }
        | Detail::MapIterationFailed { name, index }
        | Detail::MapIterationAborted { name, index } => {
            vec![("name", text(name)), ("index", Data::from(*index))]
        }
        Detail::MapRunStarted { arn } => vec![("mapRunArn", text(arn))],
        Detail::EvaluationFailed {
            state,
            location,
            failure: cause,
        } => joined(
            failure(cause),
            vec![("location", text(location)), ("state", text(state))],
        ),
        Detail::ExecutionFailed(cause)
        | Detail::ExecutionTimedOut(cause)
        | Detail::ExecutionAborted(cause)
        | Detail::MapRunFailed(cause) => failure(cause),
        _ => return task_details(detail),
    };
    Some((details_name(detail), members))
}

fn task_details(detail: &Detail) -> Option<(String, Members)> {
    let (family, members) = match detail {
        Detail::Scheduled {
            family,
            arguments,
            timeout,
            heartbeat,
        } => (family, scheduled(family, arguments, *timeout, *heartbeat)),
        Detail::Started(family) => (family, Vec::new()),
        Detail::Submitted {
            family,
            output: data,
        }
        | Detail::Succeeded {
            family,
            output: data,
        } => (family, output(data)),
        Detail::Failed {
            family,
            failure: cause,
        }
        | Detail::TimedOut {
            family,
            failure: cause,
        } => (family, failure(cause)),
        _ => return None,
    };
    let name = details_name(detail);
    match family {
        Family::Task { kind, action } => {
            let of = vec![("resourceType", text(kind)), ("resource", text(action))];
            Some((name, joined(of, members)))
        }
        _ if members.is_empty() => None,
        _ => Some((name, members)),
    }
}

fn scheduled(
    family: &Family,
    arguments: &Data,
    timeout: Option<i64>,
    heartbeat: Option<i64>,
) -> Members {
    let mut members = match family {
        Family::Function { resource } | Family::Activity { resource } => {
            joined(vec![("resource", text(resource))], input(arguments))
        }
        Family::Task { .. } => vec![("parameters", Data::from(arguments.to_string()))],
    };
    members.extend(timeout.map(|seconds| ("timeoutInSeconds", Data::from(seconds))));
    members.extend(heartbeat.map(|seconds| ("heartbeatInSeconds", Data::from(seconds))));
    members
}

fn joined(mut first: Members, second: Members) -> Members {
    first.extend(second);
    first
}

/// `stateEnteredEventDetails`, `taskFailedEventDetails` and the like.
fn details_name(detail: &Detail) -> String {
    let name = match detail {
        Detail::StateEntered { .. } => "StateEntered".to_owned(),
        Detail::StateExited { .. } => "StateExited".to_owned(),
        other => other.event_type(),
    };
    let mut letters = name.chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    first
        .into_iter()
        .chain(letters)
        .chain("EventDetails".chars())
        .collect()
}
