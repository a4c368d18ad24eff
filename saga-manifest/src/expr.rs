//! Expressions over a saga's data: trees, not text of a query language. The Step Functions target
//! writes them as JSONata; an event-driven runtime evaluates them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An expression. Every value is JSON; what may be absent is read as null and never fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Expr {
    /// A constant.
    Literal(Value),
    /// The saga's input.
    Input,
    /// The saga's id: the first execution's ARN.
    SagaId,
    /// The output of a step that has succeeded whenever this is read.
    Output(String),
    /// The output of a step whose outcome may be unknown: null where it has none.
    MaybeOutput(String),
    /// A field of an object.
    Field {
        /// The object.
        of: Box<Expr>,
        /// The field's name in JSON.
        name: String,
        /// Whether it is there.
        presence: Presence,
    },
    /// `then` where `value` is neither null nor absent, else `otherwise`. `then` reads `value` anew.
    IfPresent {
        /// What is looked at.
        value: Box<Expr>,
        /// The result where it is present.
        then: Box<Expr>,
        /// The result where it is not.
        otherwise: Box<Expr>,
    },
    /// The named fields of an object as an object of their own (a flattened struct is a projection of
    /// the object that holds it).
    Pick {
        /// The object.
        of: Box<Expr>,
        /// The fields and whether each is there.
        fields: Vec<PickedField>,
    },
    /// An object.
    Object(Vec<ObjectField>),
    /// A list.
    List(Vec<Expr>),
}

/// Whether a field is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Always.
    Required,
    /// Perhaps: else it reads as null.
    Optional,
    /// Perhaps: else it reads as this value.
    Default(Value),
}

/// A field that a [`Expr::Pick`] takes over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PickedField {
    /// Its name.
    pub name: String,
    /// Whether it is there.
    pub presence: Presence,
}

/// A field of an [`Expr::Object`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObjectField {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Expr,
    /// Whether it is left out where its value is null.
    #[serde(default)]
    pub skip_null: bool,
}
