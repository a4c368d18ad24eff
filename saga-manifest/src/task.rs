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
    /// `dynamodb:putItem`. Fenced: the item carries the saga id and the step instance, and another's item of
    /// the same key is never overwritten.
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
        /// The step that has read the item before, where this one looks whether it is still the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again: Option<String>,
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
        /// What else must still be so, where the table's isolation asks for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Basis>,
    },
    /// `dynamodb:updateItem` of an item of a table whose isolation is [`Isolation::Lock`]: takes the semantic
    /// lock, unless another saga holds it. Known not to be done where it fails with
    /// `DynamoDB.ConditionalCheckFailedException`.
    ///
    /// [`Isolation::Lock`]: crate::resource::Isolation::Lock
    DynamodbLock {
        /// The table.
        table: String,
        /// The key's attributes.
        key: Vec<Attribute>,
        /// Whether the item is made where there is none: only where it needs no more than its key.
        #[serde(default)]
        creates: bool,
        /// What must hold besides.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<Condition>,
    },
    /// `dynamodb:updateItem` that gives a semantic lock back: done also where the saga does not hold it.
    DynamodbRelease {
        /// The table.
        table: String,
        /// The key's attributes.
        key: Vec<Attribute>,
        /// The step that takes the lock.
        lock: String,
        /// Whether the lock makes the item where there is none.
        #[serde(default)]
        creates: bool,
    },
    /// `dynamodb:updateItem` that changes a number by an amount, which sagas may do in any order. A step
    /// instance changes it once, and as a compensation of its inverse takes back what that one did.
    DynamodbAdd {
        /// The table.
        table: String,
        /// The key's attributes.
        key: Vec<Attribute>,
        /// The number: an attribute, or a nested one (`address.floor`).
        attribute: String,
        /// Whether the amount is added or subtracted.
        direction: Direction,
        /// The amount.
        amount: Expr,
        /// Whether the item is made where there is none, with a number of zero before the change: only where it
        /// needs no more than its key and the number.
        #[serde(default)]
        creates: bool,
        /// What the number may be after it: of an addition at most, of a subtraction at least.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bound: Option<Expr>,
        /// What must hold besides.
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

/// What a change of an item relies on besides the author's condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The saga holds the semantic lock that the step of this name takes.
    Lock(String),
    /// The item has the version that was read, which the change raises by one.
    Version(Expr),
}

/// Which way a number is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The amount is added.
    Add,
    /// The amount is subtracted.
    Subtract,
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
