//! Why states and executions fail.

use std::sync::Arc;

use saga_asl::data::Data;
use serde::{Deserialize, Serialize};

/// Why a state cannot go on, before it is said which state that was.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// `States.Runtime`, which nothing catches.
    Runtime(String),
    /// `States.QueryEvaluationError`, with the field of the state that it arose in.
    Query {
        /// The field, as in `Output/total`.
        location: String,
        /// What went wrong.
        message: String,
    },
    /// Any other error that the state itself raises.
    Named {
        /// The error's name.
        error: &'static str,
        /// What went wrong.
        message: String,
    },
}

/// How a state or an execution failed: an error's name and what people are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The error's name; a Fail state may have none.
    pub error: Option<Arc<str>>,
    /// The cause.
    pub cause: Option<Arc<str>>,
    /// Where it comes from, which decides who can handle it.
    pub origin: Origin,
}

/// Where a failure comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The service that a task called, or the state itself.
    #[default]
    State,
    /// A heartbeat that did not come in time.
    Heartbeat,
    /// The interpreter: nothing retries or catches it.
    Runtime,
}

impl Failure {
    /// A failure that retriers and catchers see.
    pub fn new(error: impl Into<Arc<str>>, cause: impl Into<Arc<str>>) -> Self {
        Failure {
            error: Some(error.into()),
            cause: Some(cause.into()),
            origin: Origin::State,
        }
    }

    /// A failure with a name only.
    pub fn named(error: &str) -> Self {
        Failure {
            error: Some(error.into()),
            ..Failure::default()
        }
    }

    /// `{"Error": …, "Cause": …}`: what a catcher hands on. A timeout has an empty cause
    /// there, anything else that says none has `null`: recorded on AWS.
    pub fn output(&self) -> Data {
        let text = |text: &Option<Arc<str>>| text.clone().map_or(Data::Null, Data::String);
        let cause = match &self.cause {
            None if self.is("States.Timeout") => Data::from(""),
            cause => text(cause),
        };
        Data::object([("Error", text(&self.error)), ("Cause", cause)])
    }

    /// Whether `name`, from an `ErrorEquals`, stands for this failure.
    pub fn matches(&self, name: &str) -> bool {
        match name {
            _ if self.origin == Origin::Runtime => false,
            "States.ALL" => true,
            "States.HeartbeatTimeout" => self.origin == Origin::Heartbeat || self.is(name),
            "States.TaskFailed" => !self.is("States.Timeout"),
            _ => self.is(name),
        }
    }

    fn is(&self, name: &str) -> bool {
        self.error.as_deref() == Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Origin};

    #[test]
    fn names_match_as_the_specification_says() {
        let failure = |error: &str, origin| Failure {
            origin,
            ..Failure::named(error)
        };
        for (failure, name, expected) in [
            (failure("Refused", Origin::State), "Refused", true),
            (failure("Refused", Origin::State), "States.ALL", true),
            (failure("Refused", Origin::State), "States.TaskFailed", true),
            (failure("Refused", Origin::State), "States.Timeout", false),
            (
                failure("States.Timeout", Origin::State),
                "States.TaskFailed",
                false,
            ),
            (
                failure("States.Timeout", Origin::Heartbeat),
                "States.HeartbeatTimeout",
                true,
            ),
            (
                failure("States.Timeout", Origin::Heartbeat),
                "States.Timeout",
                true,
            ),
            (
                failure("States.Runtime", Origin::Runtime),
                "States.ALL",
                false,
            ),
            (
                failure("States.Runtime", Origin::Runtime),
                "States.Runtime",
                false,
            ),
            (Failure::default(), "States.ALL", true),
        ] {
            assert_eq!(failure.matches(name), expected, "{failure:?} {name}");
        }
    }
}
