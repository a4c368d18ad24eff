//! JSON as an author wrote it: objects keep their order, numbers their spelling.
//!
//! `serde_json::Value` does neither for sure: whether its maps keep their order
//! depends on a feature that any crate in the build may switch on.

mod convert;
mod number;
mod print;

use indexmap::IndexMap;

pub use self::number::Number;

/// An object: names to values, in the author's order.
pub type Object = IndexMap<String, Value>;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written.
    Number(Number),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object in the author's order.
    Object(Object),
}

/// An object from its fields, in that order: `object([("a", 1.into()), ("b", "x".into())])`.
#[must_use]
pub fn object<K: Into<String>>(fields: impl IntoIterator<Item = (K, Value)>) -> Value {
    Value::Object(
        fields
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    )
}

/// An array from its items, in that order.
#[must_use]
pub fn array<V: Into<Value>>(items: impl IntoIterator<Item = V>) -> Value {
    Value::Array(items.into_iter().map(Into::into).collect())
}

impl Value {
    /// The text of a string, or nothing for any other value.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The fields of an object, or nothing for any other value.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(fields) = self {
            Some(fields)
        } else {
            None
        }
    }

    /// The items of an array, or nothing for any other value.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self {
            Some(items)
        } else {
            None
        }
    }

    /// The field of an object, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// What kind of value it is, in JSON's words: `a string`, `an object`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
