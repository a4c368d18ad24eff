//! Tables, topics and queues.

use serde::{Deserialize, Serialize};

use crate::place::Place;

/// Whether the stack creates a resource, or refers to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The stack creates it.
    Created,
    /// It exists; a parameter of the template holds its ARN.
    Parameter(String),
    /// It exists, with this ARN.
    Arn(String),
}

/// A DynamoDB table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Table {
    /// The type's name in Rust.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is declared.
    pub place: Place,
    /// Who creates it.
    pub origin: Origin,
    /// The partition key.
    pub partition_key: Key,
    /// The sort key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_key: Option<Key>,
    /// Global secondary indexes, with all attributes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// How sagas that run at the same time are kept apart on its items.
    pub isolation: Isolation,
}

/// How sagas that run at the same time are kept apart on a table's items: countermeasures against what a saga,
/// unlike a transaction, lets others see before it has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// Semantic lock: this attribute, a string, names the holder. Only the holder changes the item.
    Lock(String),
    /// Version check: this attribute, a number, is raised by every change, which names the version it has read.
    Version(String),
    /// Commutative update: numbers are added to and subtracted from, within bounds, and never set.
    Commutative,
    /// Reread value: what was read is read again before the saga relies on it for good.
    Reread,
    /// Nothing, and why not.
    None(String),
}

/// A key attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Key {
    /// The attribute's name.
    pub name: String,
    /// Its type.
    pub kind: KeyKind,
}

/// The type of a key attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// A string.
    String,
    /// A number.
    Number,
}

/// A global secondary index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Index {
    /// The index's name.
    pub name: String,
    /// Its partition key.
    pub partition_key: Key,
    /// Its sort key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_key: Option<Key>,
}

/// An SNS topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Topic {
    /// The type's name in Rust.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is declared.
    pub place: Place,
    /// Who creates it.
    pub origin: Origin,
}

/// An SQS queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Queue {
    /// The type's name in Rust.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is declared.
    pub place: Place,
    /// Who creates it.
    pub origin: Origin,
    /// Seconds a received message stays invisible, up to 43,200.
    pub visibility_timeout_seconds: u32,
    /// Seconds a message is kept, 60 to 1,209,600.
    pub retention_seconds: u32,
    /// After how many receives a message moves to the queue's own dead-letter queue, 1 to 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_letter_after: Option<u32>,
    /// The topics it subscribes to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<Subscription>,
}

/// A queue's subscription to a topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subscription {
    /// The topic.
    pub topic: String,
    /// Whether the message arrives as it was published, without the envelope of SNS.
    pub raw: bool,
    /// Message attributes that must match, all of them; none lets every message through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// A message attribute and the values that pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Filter {
    /// The attribute's name.
    pub attribute: String,
    /// The values, one of which it must have.
    pub any_of: Vec<String>,
}
