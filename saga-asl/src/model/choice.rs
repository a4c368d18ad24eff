//! `Choice`: goes where the first rule that holds says.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{Condition, DataPath, Layout, QueryLanguage};
use crate::json::{Object, Value};

/// A Choice state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of its expressions, where it is not the machine's.
    pub query_language: Option<QueryLanguage>,
    /// JSONPath: the part of the input the state sees.
    pub input_path: Option<DataPath>,
    /// JSONPath: the part of that which is the output.
    pub output_path: Option<DataPath>,
    /// The rules, tried in this order.
    pub choices: Vec<ChoiceRule>,
    /// The state that goes on when no rule holds; without one that is `States.NoChoiceMatched`.
    pub default: Option<String>,
    /// Variables to set when no rule holds.
    pub assign: Object,
    /// JSONata: the output when no rule holds.
    pub output: Option<Value>,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for Choice {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .required("Type", &Value::from("Choice"))
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref())
            .optional("InputPath", self.input_path.as_ref())
            .optional("OutputPath", self.output_path.as_ref())
            .required("Choices", &self.choices)
            .optional("Default", self.default.as_ref())
            .collection("Assign", &self.assign)
            .optional("Output", self.output.as_ref())
            .finish()
    }
}

impl FromJson for Choice {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        reader.take("Type");
        let choice = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            input_path: reader.optional("InputPath"),
            output_path: reader.optional("OutputPath"),
            choices: reader.required("Choices"),
            default: reader.optional("Default"),
            assign: reader.collection("Assign"),
            output: reader.optional("Output"),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..choice
        })
    }
}

/// One entry of `Choices`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChoiceRule {
    /// What it is for, for people.
    pub comment: Option<String>,
    /// What must hold.
    pub condition: Condition,
    /// Variables to set when it holds.
    pub assign: Object,
    /// JSONata: the output when it holds.
    pub output: Option<Value>,
    /// The state that goes on when it holds.
    pub next: String,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for ChoiceRule {
    fn to_json(&self) -> Value {
        let mut fields = Fields::new(&self.layout);
        fields.optional("Comment", self.comment.as_ref());
        self.condition.write(&mut fields);
        fields
            .collection("Assign", &self.assign)
            .optional("Output", self.output.as_ref())
            .required("Next", &self.next)
            .finish()
    }
}

impl FromJson for ChoiceRule {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let rule = Self {
            comment: reader.optional("Comment"),
            assign: reader.collection("Assign"),
            output: reader.optional("Output"),
            next: reader.required("Next"),
            condition: Condition::read(&mut reader),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..rule
        })
    }
}
