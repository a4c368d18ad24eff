//! `Fail`: ends the machine, branch or item with an error.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{Layout, QueryLanguage};
use crate::json::Value;

/// A Fail state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fail {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of its expressions, where it is not the machine's.
    pub query_language: Option<QueryLanguage>,
    /// The error's name, or a JSONata expression that gives it.
    pub error: Option<String>,
    /// JSONPath: where the name is in the input, or an intrinsic function.
    pub error_path: Option<String>,
    /// The cause for people, or a JSONata expression that gives it.
    pub cause: Option<String>,
    /// JSONPath: where the cause is in the input, or an intrinsic function.
    pub cause_path: Option<String>,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for Fail {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .required("Type", &Value::from("Fail"))
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref())
            .optional("Error", self.error.as_ref())
            .optional("ErrorPath", self.error_path.as_ref())
            .optional("Cause", self.cause.as_ref())
            .optional("CausePath", self.cause_path.as_ref())
            .finish()
    }
}

impl FromJson for Fail {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        reader.take("Type");
        let fail = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            error: reader.optional("Error"),
            error_path: reader.optional("ErrorPath"),
            cause: reader.optional("Cause"),
            cause_path: reader.optional("CausePath"),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..fail
        })
    }
}
