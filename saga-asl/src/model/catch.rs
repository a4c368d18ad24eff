//! Where a state goes when it failed.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{DataPath, Layout};
use crate::json::{Object, Value};

/// One entry of `Catch`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catcher {
    /// What it is for, for people.
    pub comment: Option<String>,
    /// The error names it catches.
    pub error_equals: Vec<String>,
    /// JSONata: variables to set from `$states.errorOutput`.
    pub assign: Object,
    /// JSONata: the output that replaces the error's.
    pub output: Option<Value>,
    /// JSONPath: where the error goes in the state's input. Without one it replaces the input.
    pub result_path: Option<DataPath>,
    /// The state that goes on.
    pub next: String,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for Catcher {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .optional("Comment", self.comment.as_ref())
            .required("ErrorEquals", &self.error_equals)
            .collection("Assign", &self.assign)
            .optional("Output", self.output.as_ref())
            .optional("ResultPath", self.result_path.as_ref())
            .required("Next", &self.next)
            .finish()
    }
}

impl FromJson for Catcher {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let catcher = Self {
            comment: reader.optional("Comment"),
            error_equals: reader.required("ErrorEquals"),
            assign: reader.collection("Assign"),
            output: reader.optional("Output"),
            result_path: reader.optional("ResultPath"),
            next: reader.required("Next"),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..catcher
        })
    }
}
