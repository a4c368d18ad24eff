//! `Task`: asks a service to do something and waits for the answer.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{Catcher, DataPath, Dynamic, Layout, QueryLanguage, Retrier, Transition};
use crate::json::{Object, Value};

/// A Task state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Task {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of its expressions, where it is not the machine's.
    pub query_language: Option<QueryLanguage>,
    /// ARN of the function, activity or service integration.
    pub resource: String,
    /// The role to assume for the call: an object with `RoleArn`.
    pub credentials: Option<Value>,
    /// JSONPath: the part of the input the state sees.
    pub input_path: Option<DataPath>,
    /// JSONPath: what the service is sent.
    pub parameters: Option<Value>,
    /// JSONata: what the service is sent.
    pub arguments: Option<Value>,
    /// Seconds for one attempt before it fails with `States.Timeout`; absent means no bound but a year.
    pub timeout_seconds: Option<Dynamic<u64>>,
    /// JSONPath: where those seconds are in the input.
    pub timeout_seconds_path: Option<String>,
    /// Seconds between two heartbeats before the task fails with `States.HeartbeatTimeout`.
    pub heartbeat_seconds: Option<Dynamic<u64>>,
    /// JSONPath: where those seconds are in the input.
    pub heartbeat_seconds_path: Option<String>,
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
    /// When it is tried again.
    pub retry: Vec<Retrier>,
    /// Where it goes when it failed for good.
    pub catch: Vec<Catcher>,
    /// Where it goes when it succeeded.
    pub transition: Transition,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for Task {
    fn to_json(&self) -> Value {
        let mut fields = Fields::new(&self.layout);
        fields
            .required("Type", &Value::from("Task"))
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref())
            .required("Resource", &self.resource)
            .optional("Credentials", self.credentials.as_ref())
            .optional("InputPath", self.input_path.as_ref())
            .optional("Parameters", self.parameters.as_ref())
            .optional("Arguments", self.arguments.as_ref())
            .optional("TimeoutSeconds", self.timeout_seconds.as_ref())
            .optional("TimeoutSecondsPath", self.timeout_seconds_path.as_ref())
            .optional("HeartbeatSeconds", self.heartbeat_seconds.as_ref())
            .optional("HeartbeatSecondsPath", self.heartbeat_seconds_path.as_ref())
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

impl FromJson for Task {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        reader.take("Type");
        let task = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            resource: reader.required("Resource"),
            credentials: reader.optional("Credentials"),
            input_path: reader.optional("InputPath"),
            parameters: reader.optional("Parameters"),
            arguments: reader.optional("Arguments"),
            timeout_seconds: reader.optional("TimeoutSeconds"),
            timeout_seconds_path: reader.optional("TimeoutSecondsPath"),
            heartbeat_seconds: reader.optional("HeartbeatSeconds"),
            heartbeat_seconds_path: reader.optional("HeartbeatSecondsPath"),
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
            ..task
        })
    }
}
