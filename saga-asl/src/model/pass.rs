//! `Pass`: shapes data and does nothing else.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{DataPath, Layout, QueryLanguage, Transition};
use crate::json::{Object, Value};

/// A Pass state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pass {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of its expressions, where it is not the machine's.
    pub query_language: Option<QueryLanguage>,
    /// JSONPath: the part of the input the state sees.
    pub input_path: Option<DataPath>,
    /// JSONPath: the result, as a template.
    pub parameters: Option<Value>,
    /// JSONPath: the result, as it is.
    pub result: Option<Value>,
    /// JSONPath: where the result goes in the input.
    pub result_path: Option<DataPath>,
    /// JSONPath: the part of that which is the output.
    pub output_path: Option<DataPath>,
    /// Variables to set.
    pub assign: Object,
    /// JSONata: the output.
    pub output: Option<Value>,
    /// Where it goes.
    pub transition: Transition,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for Pass {
    fn to_json(&self) -> Value {
        let mut fields = Fields::new(&self.layout);
        fields
            .required("Type", &Value::from("Pass"))
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref())
            .optional("InputPath", self.input_path.as_ref())
            .optional("Parameters", self.parameters.as_ref())
            .optional("Result", self.result.as_ref())
            .optional("ResultPath", self.result_path.as_ref())
            .optional("OutputPath", self.output_path.as_ref())
            .collection("Assign", &self.assign)
            .optional("Output", self.output.as_ref());
        self.transition.write(&mut fields);
        fields.finish()
    }
}

impl FromJson for Pass {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        reader.take("Type");
        let pass = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            input_path: reader.optional("InputPath"),
            parameters: reader.optional("Parameters"),
            result: reader.optional("Result"),
            result_path: reader.optional("ResultPath"),
            output_path: reader.optional("OutputPath"),
            assign: reader.collection("Assign"),
            output: reader.optional("Output"),
            transition: Transition::read(&mut reader),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..pass
        })
    }
}
