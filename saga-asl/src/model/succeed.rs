//! `Succeed`: ends the machine, branch or item with success.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{DataPath, Layout, QueryLanguage};
use crate::json::Value;

/// A Succeed state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Succeed {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of its expressions, where it is not the machine's.
    pub query_language: Option<QueryLanguage>,
    /// JSONPath: the part of the input the state sees.
    pub input_path: Option<DataPath>,
    /// JSONPath: the part of that which is the output.
    pub output_path: Option<DataPath>,
    /// JSONata: the output.
    pub output: Option<Value>,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for Succeed {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .required("Type", &Value::from("Succeed"))
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref())
            .optional("InputPath", self.input_path.as_ref())
            .optional("OutputPath", self.output_path.as_ref())
            .optional("Output", self.output.as_ref())
            .finish()
    }
}

impl FromJson for Succeed {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        reader.take("Type");
        let succeed = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            input_path: reader.optional("InputPath"),
            output_path: reader.optional("OutputPath"),
            output: reader.optional("Output"),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..succeed
        })
    }
}
