//! What a step calls: a handler, or a service directly.

use serde::{Deserialize, Serialize};

use crate::expr::Expr;

/// A call's target and arguments. Resources and handlers are named as in the manifest's lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "integration")]
pub enum Task {
    /// A Lambda handler of the package.
    Lambda {
        /// The handler.
        handler: String,
        /// Its input.
        input: Expr,
    },
    /// `dynamodb:putItem`. Fenced: the item carries the saga id, and another saga's item of the same
    /// key is never overwritten.
    DynamodbPut {
        /// The table.
        table: String,
        /// All attributes, the keys among them.
        item: Vec<Attribute>,
        /// What must hold besides the fence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<Condition>,
    },
    /// `dynamodb:getItem`, strongly consistent. Its output is the item, or null where there is none.
    DynamodbGet {
        /// The table.
        table: String,
        /// The key's attributes.
        key: Vec<Attribute>,
        /// The attributes that the output holds.
        item: Vec<AttributeShape>,
    },
    /// `dynamodb:updateItem`.
    DynamodbUpdate {
        /// The table.
        table: String,
        /// The key's attributes.
        key: Vec<Attribute>,
        /// The attributes that are set.
        set: Vec<Attribute>,
        /// What must hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<Condition>,
    },
    /// `dynamodb:deleteItem`.
    DynamodbDelete {
        /// The table.
        table: String,
        /// The key's attributes.
        key: Vec<Attribute>,
        /// What must hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<Condition>,
    },
    /// `sns:publish`.
    SnsPublish {
        /// The topic.
        topic: String,
        /// The message's body, sent as JSON text.
        message: Expr,
        /// The subject, at most 100 characters of ASCII.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// The message's attributes: strings, numbers, or booleans, which are sent as strings.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attributes: Vec<Attribute>,
    },
    /// `sqs:sendMessage`.
    SqsSend {
        /// The queue.
        queue: String,
        /// The message's body, sent as JSON text.
        message: Expr,
        /// The message's attributes: strings, numbers, or booleans, which are sent as strings.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attributes: Vec<Attribute>,
    },
    /// Another saga of the package, run under this one's saga id. It is done when the other is completed,
    /// and surely not done when the other is compensated. Where the other is parked, this is too: it is
    /// called again once an operator has ended that one, and its fences answer for what was done.
    Saga {
        /// The saga.
        saga: String,
        /// Its input.
        input: Expr,
    },
    /// A person's or another system's answer. The message is an object that holds `request`, and what
    /// answers it: the task token in a form that cannot be mangled. The output is what is answered; the
    /// call's timeout is how long is waited.
    Approval {
        /// Who is asked.
        channel: Channel,
        /// What is asked.
        request: Expr,
        /// The answer where nobody gave one in time; else that is the error `States.Timeout`, and
        /// nothing was done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unanswered: Option<Expr>,
    },
}

/// Where a request for an answer is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The topic of this name.
    Topic(String),
    /// The queue of this name.
    Queue(String),
}

/// A named value with its type in DynamoDB, SNS or SQS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attribute {
    /// The attribute's name.
    pub name: String,
    /// How its value is written.
    pub shape: Shape,
    /// Its value.
    pub value: Expr,
}

/// A named type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttributeShape {
    /// The attribute's name.
    pub name: String,
    /// Its type.
    pub shape: Shape,
}

/// The structure of a JSON value, as far as typed stores need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A string.
    String,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// The value, or null or absent.
    Optional(Box<Shape>),
    /// A list.
    List(Box<Shape>),
    /// An object of these fields.
    Object(Vec<AttributeShape>),
    /// An object of any keys.
    Map(Box<Shape>),
    /// Any JSON: kept as its text.
    Json,
}

/// A DynamoDB condition. Paths are names from the item's root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The attribute is there.
    Exists(Vec<String>),
    /// The attribute is not there.
    NotExists(Vec<String>),
    /// The attribute compared with a value.
    Compare {
        /// The attribute.
        path: Vec<String>,
        /// How.
        operator: Comparison,
        /// How the value is written.
        shape: Shape,
        /// The value.
        value: Expr,
    },
    /// Each of them holds.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

/// How a condition compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}
