//! Events as they travel: an envelope by the names of CloudEvents 1.0, its extensions in lower case.

use saga_fence::Order;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of CloudEvents whose names the envelope follows.
const SPECIFICATION: &str = "1.0";

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// [`SPECIFICATION`].
    pub specversion: String,
    /// The same whenever it is published: saga, revision of its record, number in the outbox.
    pub id: String,
    /// Who says so.
    pub source: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    /// The saga's name.
    pub saga: String,
    /// The saga's id: what all events of one saga have in common.
    pub sagaid: String,
    /// Of which definition the saga is.
    pub sagaversion: String,
    /// The id of the event that this one follows from.
    pub causationid: String,
    /// What is asked for.
    pub action: Action,
    /// Of which step, or which pause is over. An ending has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Of which attempt.
    #[serde(default)]
    pub attempt: u32,
    /// How often an operator had let the saga go on.
    #[serde(default)]
    pub redrive: u32,
    /// When the step was first asked for, in milliseconds since 1970, as digits: CloudEvents' integers are too short.
    #[serde(with = "digits")]
    pub entered: u64,
    /// A handler's input, or what the saga ended with.
    pub data: Value,
}

/// What an event asks of whoever hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// To do a step.
    Do,
    /// To undo it.
    Undo,
    /// To see whether the do was given up.
    CheckDo,
    /// To see whether the undo was.
    CheckUndo,
    /// To go on after a pause.
    Resume,
    /// To begin a saga.
    Start,
    /// To go on with what is parked, and ask again for what is not answered.
    Redrive,
    /// Nothing: all steps are done.
    Completed,
    /// Nothing: what was done is undone.
    Compensated,
    /// Nothing of the saga: an operator is to look.
    Parked,
}

impl Action {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Do => "do",
            Self::Undo => "undo",
            Self::CheckDo => "check-do",
            Self::CheckUndo => "check-undo",
            Self::Resume => "resume",
            Self::Start => "start",
            Self::Redrive => "redrive",
            Self::Completed => "completed",
            Self::Compensated => "compensated",
            Self::Parked => "parked",
        }
    }

    /// Whether it is about an undo.
    #[must_use]
    pub fn is_undo(self) -> bool {
        matches!(self, Self::Undo | Self::CheckUndo)
    }
}

/// Why a text is no event.
#[derive(Debug)]
pub struct Malformed(pub String);

impl Event {
    pub(crate) fn new(id: String, (source, kind): (String, String), action: Action) -> Self {
        Self {
            specversion: SPECIFICATION.into(),
            id,
            source,
            kind,
            saga: String::new(),
            sagaid: String::new(),
            sagaversion: String::new(),
            causationid: String::new(),
            action,
            step: None,
            attempt: 0,
            redrive: 0,
            entered: 0,
            data: Value::Null,
        }
    }

    /// The attempt that it is about.
    #[must_use]
    pub fn order(&self) -> Order {
        Order {
            entered: self.entered,
            redrive: self.redrive,
            attempt: self.attempt,
        }
    }

    /// Reads the `detail` of an event of EventBridge.
    ///
    /// # Errors
    /// It is no event of a saga.
    pub fn read(detail: Value) -> Result<Self, Malformed> {
        serde_json::from_value(detail).map_err(|problem| Malformed(problem.to_string()))
    }

    /// The `detail` of an event of EventBridge, as JSON text.
    #[must_use]
    pub fn detail(&self) -> Value {
        // Every key is a string, so that this cannot fail.
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "this is no event of a saga: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

mod digits {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
