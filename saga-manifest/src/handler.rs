//! A handler: the Lambda function of a step or a compensation.

use serde::{Deserialize, Serialize};

use crate::place::Place;
use crate::saga::Data;

/// The beginning of the environment variable that holds the ARN of a saga's state machine, for functions that start or view it.
pub const MACHINE_VARIABLE: &str = "SAGA_MACHINE_";

/// One Lambda function of the package's binary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Handler {
    /// The step type's name: what the bootstrap dispatches on.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is declared.
    pub place: Place,
    /// What it is invoked with.
    pub input: Data,
    /// What it answers.
    pub output: Data,
    /// The function's timeout in seconds, 1 to 900.
    pub timeout_seconds: u32,
    /// The function's memory in MiB, 128 to 10,240; else the package's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u32>,
    /// How many of its invocations run at a time: reserved for it, and no more. Else the account's limit is all there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// Its environment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<Variable>,
    /// The secrets it reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<Secret>,
    /// Why it needs no fence: what makes it idempotent by nature. Else its effects are fenced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfenced: Option<String>,
    /// The tables, topics and queues it uses itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<Use>,
}

/// An environment variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: VariableValue,
}

/// The value of an environment variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum VariableValue {
    /// This text.
    Literal(String),
    /// What the template's parameter of this name holds.
    Parameter(String),
}

/// A secret. The environment variable holds its name or ARN, never its value; the function's role
/// may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Secret {
    /// The environment variable.
    pub variable: String,
    /// Where the secret is.
    pub source: SecretSource,
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SecretSource {
    /// A secret of Secrets Manager, by name.
    SecretsManager(String),
    /// A SecureString of the Systems Manager parameter store, by name (`/payments/key`).
    Ssm(String),
}

/// A resource that a handler uses, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Use {
    /// The resource, by name.
    pub resource: String,
    /// Its type.
    pub kind: ResourceKind,
    /// What the handler does with it. Sorted, without duplicates.
    pub access: Vec<Access>,
}

/// The type of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// A DynamoDB table.
    Table,
    /// An SNS topic.
    Topic,
    /// An SQS queue.
    Queue,
    /// A saga of the package.
    Saga,
}

/// One action on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// `dynamodb:GetItem`
    Get,
    /// `dynamodb:PutItem`
    Put,
    /// `dynamodb:UpdateItem`
    Update,
    /// `dynamodb:DeleteItem`
    Delete,
    /// `dynamodb:Query`, on the table and its indexes
    Query,
    /// `dynamodb:Scan`
    Scan,
    /// `sns:Publish`
    Publish,
    /// `sqs:SendMessage`
    Send,
    /// Begins sagas, and so sees whether one is there already
    Start,
    /// Sees where sagas are
    View,
}
