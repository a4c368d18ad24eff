//! A step of a saga: what it calls, what undoes it, and how failures are retried.

use serde::{Deserialize, Serialize};

use crate::error::{DeclaredError, RetryPolicy};
use crate::place::Place;
use crate::task::Task;

/// One step instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// The step instance: the state's name, unique in the saga, at most 80 characters.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the flow calls it.
    pub place: Place,
    /// Its kind.
    pub kind: Kind,
    /// What it does.
    pub call: Call,
}

/// The kind of a step. There is no default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Undone by its compensation when a later step fails, or its own outcome is unknown.
    Compensatable {
        /// What undoes it.
        compensation: Box<Call>,
    },
    /// The point of no return.
    Pivot,
    /// After the pivot: goes forward until it succeeds.
    Retriable,
    /// Without effect.
    ReadOnly,
}

/// A task with the errors it may answer and its bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Call {
    /// The doc comment of what is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is called.
    pub task: Task,
    /// The errors that are declared, those of the service in front of it among them.
    pub errors: Vec<DeclaredError>,
    /// How every error without a policy of its own is retried (`States.ALL`); else it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_others: Option<RetryPolicy>,
    /// Seconds the work itself may take. The task that waits for it is given more: a start and a margin.
    pub timeout_seconds: u32,
    /// Seconds between two heartbeats, less than the timeout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat_seconds: Option<u32>,
    /// What the events are called that tell of it, where the saga goes by events.
    #[serde(default, skip_serializing_if = "Events::are_unnamed")]
    pub events: Events,
}

/// What the events are called that tell how a call ended; else they are called after the step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Events {
    /// It is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<EventName>,
    /// It failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<EventName>,
}

/// The name of an event on a bus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventName {
    /// Who says so: `com.order`.
    pub source: String,
    /// What happened, its detail type: `OrderCreated`.
    pub kind: String,
}

impl Events {
    /// Whether none of them has a name of its own.
    #[must_use]
    pub fn are_unnamed(&self) -> bool {
        *self == Self::default()
    }
}
