//! A saga: its data, its forward path, and what it tells the world when it ends.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::flow::Block;
use crate::place::Place;
use crate::step::{Call, Kind};
use crate::task::Task;
use crate::trigger::Trigger;

/// The error that a compensated saga's execution ends with.
pub const COMPENSATED: &str = "SagaCompensated";

/// One saga.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Saga {
    /// Its name, in CamelCase: the Rust type's.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is defined.
    pub place: Place,
    /// What an execution is started with.
    pub input: Data,
    /// What a completed execution answers.
    pub output: Data,
    /// The forward path. It does not go on: its end is [`End::Complete`](crate::flow::End::Complete) or
    /// an abort.
    pub body: Block,
    /// What is sent when the saga ended.
    pub notifications: Vec<Notification>,
    /// The key that encrypts the execution history, where clear sensitive data enters it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_key: Option<HistoryKey>,
    /// What starts executions, beside whoever may start its state machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
}

impl Saga {
    /// The sagas that its steps and their compensations run.
    pub fn runs(&self) -> impl Iterator<Item = &str> {
        let calls = self.body.all_steps().into_iter().flat_map(|step| {
            let undo = match &step.kind {
                Kind::Compensatable { compensation } => Some(&**compensation),
                _ => None,
            };
            std::iter::once(&step.call).chain(undo)
        });
        calls.filter_map(|call| match &call.task {
            Task::Saga { saga, .. } => Some(saga.as_str()),
            _ => None,
        })
    }
}

/// A type of data that crosses a border: its JSON Schema, and which fields are sensitive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Data {
    /// JSON Schema (2020-12) of the value, names as serde writes them.
    pub schema: Value,
    /// The sensitive fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<SensitiveField>,
}

/// A field that must reach no table, message, log or event in clear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SensitiveField {
    /// The names on the way to it from the value's root; `*` stands for every item of a list or map.
    pub path: Vec<String>,
    /// In which form its value enters.
    pub form: SensitiveForm,
}

/// In which form a sensitive value is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SensitiveForm {
    /// The value itself.
    Clear,
    /// A reference that a vault gave out in its place.
    Token,
    /// The value encrypted by whoever sends it.
    Ciphertext,
}

/// A customer KMS key for the state machine's history, and why clear data has to be there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryKey {
    /// The key.
    pub key: KeySource,
    /// The author's reason, kept in the template.
    pub reason: String,
}

/// Where a KMS key comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KeySource {
    /// The stack creates it.
    Created,
    /// A parameter of the template holds its ARN.
    Parameter(String),
    /// This ARN.
    Arn(String),
}

/// A message about the saga's end. It never changes that end: when its retries run out, a parking
/// message tells that it is owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notification {
    /// The state's name, unique in the saga.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// Which end it tells of.
    pub on: Ending,
    /// What is sent.
    pub call: Call,
}

/// How a saga ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// All steps done.
    Completed,
    /// All that was done is undone.
    Compensated,
    /// A compensation, or a step from the pivot on, waits for an operator.
    Parked,
}
