//! Where an execution goes after a state.

use super::read::Reader;
use super::write::Fields;
use crate::json::Value;

/// What follows a state: another state of the same machine or branch, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Transition {
    /// The state of that name (`Next`).
    Next(String),
    /// Nothing: the machine, branch or item ends here (`End: true`).
    #[default]
    End,
}

impl Transition {
    /// The name of the next state, if there is one.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        if let Self::Next(name) = self {
            Some(name)
        } else {
            None
        }
    }

    pub(super) fn write(&self, fields: &mut Fields<'_>) {
        match self {
            Self::Next(name) => fields.required("Next", name),
            Self::End => fields.required("End", &Value::Bool(true)),
        };
    }

    pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
        if let Some(next) = reader.optional("Next") {
            return Self::Next(next);
        }
        if reader.take("End") != Some(&Value::Bool(true)) {
            reader.error("neither `Next` nor `\"End\": true`");
        }
        Self::End
    }
}

impl From<&str> for Transition {
    fn from(next: &str) -> Self {
        Self::Next(next.to_owned())
    }
}
