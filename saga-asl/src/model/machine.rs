//! A state machine, and the machines inside it.

use indexmap::IndexMap;

use super::codec::{FromJson, Named, ToJson};
use super::read::{Place, ReadError, Reader};
use super::write::Fields;
use super::{Layout, QueryLanguage, State};
use crate::json::Value;

/// A whole definition (States Language specification, "Structure of a State Machine").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StateMachine {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of all states that state none.
    pub query_language: Option<QueryLanguage>,
    /// The name of the first state.
    pub start_at: String,
    /// The language's version, `1.0`.
    pub version: Option<String>,
    /// Seconds after which an execution fails with `States.Timeout`. Nothing can catch that.
    pub timeout_seconds: Option<u64>,
    /// The states by name, in the author's order.
    pub states: IndexMap<String, State>,
    /// The author's layout.
    pub layout: Layout,
}

impl StateMachine {
    /// A machine of these states, that starts at the one named.
    #[must_use]
    pub fn new<N: Into<String>>(
        start_at: impl Into<String>,
        states: impl IntoIterator<Item = (N, State)>,
    ) -> Self {
        let states = states
            .into_iter()
            .map(|(name, state)| (name.into(), state))
            .collect();
        Self {
            start_at: start_at.into(),
            states,
            ..Self::default()
        }
    }

    /// The machine of a parsed definition.
    ///
    /// # Errors
    /// Every place where the value is not of the language's shape.
    pub fn from_value(value: &Value) -> Result<Self, Vec<ReadError>> {
        let mut place = Place::default();
        let machine = Self::from_json(value, &mut place);
        machine
            .filter(|_| place.errors.is_empty())
            .ok_or(place.errors)
    }

    /// The definition as JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.to_json()
    }

    /// The definition as indented JSON text, without a final newline.
    #[must_use]
    pub fn to_pretty(&self) -> String {
        self.to_json().to_pretty()
    }

    /// The query language of a state: its own, else the machine's, else JSONPath.
    #[must_use]
    pub fn language_of(&self, state: &State) -> QueryLanguage {
        state
            .query_language()
            .or(self.query_language)
            .unwrap_or_default()
    }
}

impl ToJson for StateMachine {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref())
            .optional("Version", self.version.as_ref())
            .optional("TimeoutSeconds", self.timeout_seconds.as_ref())
            .required("StartAt", &self.start_at)
            .required("States", &self.states)
            .finish()
    }
}

impl FromJson for StateMachine {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let machine = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            start_at: reader.required("StartAt"),
            version: reader.optional("Version"),
            timeout_seconds: reader.optional("TimeoutSeconds"),
            states: reader.required::<Named<State>>("States").0,
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..machine
        })
    }
}

impl serde::Serialize for StateMachine {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// A machine inside a Parallel state. Its states see only each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Branch {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The name of the first state.
    pub start_at: String,
    /// The states by name, in the author's order.
    pub states: IndexMap<String, State>,
    /// The author's layout.
    pub layout: Layout,
}

impl Branch {
    /// A branch of these states, that starts at the one named.
    #[must_use]
    pub fn new<N: Into<String>>(
        start_at: impl Into<String>,
        states: impl IntoIterator<Item = (N, State)>,
    ) -> Self {
        let states = states
            .into_iter()
            .map(|(name, state)| (name.into(), state))
            .collect();
        Self {
            start_at: start_at.into(),
            states,
            ..Self::default()
        }
    }
}

impl ToJson for Branch {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .optional("Comment", self.comment.as_ref())
            .required("StartAt", &self.start_at)
            .required("States", &self.states)
            .finish()
    }
}

impl FromJson for Branch {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let branch = Self {
            comment: reader.optional("Comment"),
            start_at: reader.required("StartAt"),
            states: reader.required::<Named<State>>("States").0,
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..branch
        })
    }
}
