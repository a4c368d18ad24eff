//! What starts a saga.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::place::Place;

/// One way in which executions are started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trigger {
    /// Where it is stated.
    pub place: Place,
    /// What starts them.
    pub source: Source,
}

/// What starts executions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A request.
    Http(Http),
    /// A time.
    Schedule(Schedule),
    /// An event on a bus.
    Event(Event),
    /// A message in a queue.
    Queue(FromQueue),
}

/// A field of the saga's input that is a string and always there: the names on the way to it. It names the
/// execution, so that one key is started once.
pub type BusinessKey = Vec<String>;

/// `POST <path>` starts an execution with the body as its input, `GET <path>/<key>` tells what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Http {
    /// The path, which begins with `/`.
    pub path: String,
    /// The business key.
    pub key: BusinessKey,
    /// Who may.
    pub access: Access,
    /// Requests that are taken in a second, as a mean.
    pub rate: u32,
    /// Requests that are taken at once.
    pub burst: u32,
}

/// Who may send requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "HttpAccess"))]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Whom IAM allows it: requests are signed.
    Iam,
    /// Whom a function allows it, by the token in `Authorization`.
    Authorizer {
        /// The template's parameter that holds the function's ARN.
        parameter: String,
    },
    /// Everybody.
    Open {
        /// Why, kept in the template.
        reason: String,
    },
}

/// Executions are started by the clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Schedule {
    /// When, as EventBridge Scheduler has it: `rate(1 hours)`, `cron(0 9 * * ? *)`.
    pub expression: String,
    /// The time zone that a `cron` is in, as IANA names it; else UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The input of each.
    pub input: Value,
}

/// An event whose `detail` is the saga's input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// Its source.
    pub source: String,
    /// Its detail type.
    pub detail_type: String,
    /// The business key.
    pub key: BusinessKey,
    /// The template's parameter that holds the bus's name; else the account's default bus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus: Option<String>,
    /// What else has to hold of its detail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<DetailFilter>,
}

/// A field of an event's detail that has one of some values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DetailFilter {
    /// The names on the way to the field.
    pub path: Vec<String>,
    /// The values, strings, numbers or booleans.
    pub any_of: Vec<Value>,
}

/// A message whose body is the saga's input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FromQueue {
    /// The queue.
    pub queue: String,
    /// The business key.
    pub key: BusinessKey,
}

impl Trigger {
    /// The business key, where it has one.
    #[must_use]
    pub fn key(&self) -> Option<&BusinessKey> {
        match &self.source {
            Source::Http(http) => Some(&http.key),
            Source::Event(event) => Some(&event.key),
            Source::Queue(queue) => Some(&queue.key),
            Source::Schedule(_) => None,
        }
    }
}
