//! Expressions over a saga's data: trees, not text of a query language. The Step Functions target
//! writes them as JSONata; an event-driven runtime evaluates them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::task::Comparison;

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
    /// The output of a step, or the value of a parallel, choice, map or savepoint, that has succeeded
    /// whenever this is read.
    Output(String),
    /// The same where it may not have succeeded: null where it has none.
    MaybeOutput(String),
    /// The item that the map of this name is at.
    Item(String),
    /// The index, from 0, of the item that the map of this name is at.
    ItemIndex(String),
    /// An item of a list whose length is known: the value of a branch.
    Element {
        /// The list.
        of: Box<Expr>,
        /// Its index, from 0.
        index: u32,
    },
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

/// A condition. It never fails: a comparison of what is null, absent or of another type does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Test {
    /// Two values compared.
    Compare {
        /// What both are.
        kind: Comparable,
        /// The left one.
        left: Expr,
        /// How.
        operator: Comparison,
        /// The right one.
        right: Expr,
    },
    /// Two values of one type are the same in all their parts. What is absent is as null.
    Same(Expr, Expr),
    /// The value is neither null nor absent.
    Present(Expr),
    /// The value is true.
    True(Expr),
    /// The text is part of another.
    Text {
        /// The text that is looked at.
        of: Expr,
        /// Where the other is in it.
        position: Position,
        /// The other.
        text: Expr,
    },
    /// Each of them holds. Those after the first that does not are not looked at.
    All(Vec<Test>),
    /// One of them holds. Those after the first that does are not looked at.
    Any(Vec<Test>),
    /// It does not hold.
    Not(Box<Test>),
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Comparable {
    /// Numbers.
    Number,
    /// Strings, by code points.
    String,
    /// Booleans: equal or not.
    Bool,
    /// Times in RFC 3339, by the instant they mean. What is no such text does not compare.
    Time,
}

/// Where a text is in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// At its start.
    Start,
    /// Anywhere.
    Anywhere,
    /// At its end.
    End,
}
