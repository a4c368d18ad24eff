//! `Parallel`: runs several branches at once and waits for all of them.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{Branch, Catcher, DataPath, Layout, QueryLanguage, Retrier, Transition};
use crate::json::{Object, Value};

/// A Parallel state. When one branch fails, the others are stopped where they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parallel {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of its expressions, where it is not the machine's.
    pub query_language: Option<QueryLanguage>,
    /// JSONPath: the part of the input the state sees.
    pub input_path: Option<DataPath>,
    /// JSONPath: the input of every branch.
    pub parameters: Option<Value>,
    /// JSONata: the input of every branch.
    pub arguments: Option<Value>,
    /// The branches; the result is an array of their outputs, in this order.
    pub branches: Vec<Branch>,
    /// JSONPath: what is kept of the result.
    pub result_selector: Option<Value>,
    /// JSONPath: where the result goes in the input.
    pub result_path: Option<DataPath>,
    /// JSONPath: the part of that which is the output.
    pub output_path: Option<DataPath>,
    /// Variables to set.
    pub assign: Object,
    /// JSONata: the output.
    pub output: Option<Value>,
    /// When all branches are tried again.
    pub retry: Vec<Retrier>,
    /// Where it goes when it failed for good.
    pub catch: Vec<Catcher>,
    /// Where it goes when it succeeded.
    pub transition: Transition,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for Parallel {
    fn to_json(&self) -> Value {
        let mut fields = Fields::new(&self.layout);
        fields
            .required("Type", &Value::from("Parallel"))
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref())
            .optional("InputPath", self.input_path.as_ref())
            .optional("Parameters", self.parameters.as_ref())
            .optional("Arguments", self.arguments.as_ref())
            .required("Branches", &self.branches)
            .optional("ResultSelector", self.result_selector.as_ref())
            .optional("ResultPath", self.result_path.as_ref())
            .optional("OutputPath", self.output_path.as_ref())
            .collection("Assign", &self.assign)
            .optional("Output", self.output.as_ref())
            .collection("Retry", &self.retry)
            .collection("Catch", &self.catch);
        self.transition.write(&mut fields);
        fields.finish()
    }
}

impl FromJson for Parallel {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        reader.take("Type");
        let parallel = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            input_path: reader.optional("InputPath"),
            parameters: reader.optional("Parameters"),
            arguments: reader.optional("Arguments"),
            branches: reader.required("Branches"),
            result_selector: reader.optional("ResultSelector"),
            result_path: reader.optional("ResultPath"),
            output_path: reader.optional("OutputPath"),
            assign: reader.collection("Assign"),
            output: reader.optional("Output"),
            retry: reader.collection("Retry"),
            catch: reader.collection("Catch"),
            transition: Transition::read(&mut reader),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..parallel
        })
    }
}
