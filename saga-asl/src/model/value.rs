//! Values that are given, or computed when the state runs.

use super::codec::{FromJson, ToJson};
use super::read::Place;
use crate::json::Value;

/// A value that is written in the definition, or a JSONata expression that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dynamic<T> {
    /// The value itself.
    Value(T),
    /// An expression between `{%` and `%}`, delimiters included.
    Expression(String),
}

impl<T> From<T> for Dynamic<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: ToJson> ToJson for Dynamic<T> {
    fn to_json(&self) -> Value {
        match self {
            Self::Value(value) => value.to_json(),
            Self::Expression(text) => text.to_json(),
        }
    }
}

impl<T: FromJson> FromJson for Dynamic<T> {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Expression(text.clone())),
            other => T::from_json(other, place).map(Self::Value),
        }
    }
}

/// `InputPath`, `OutputPath`, `ResultPath`: a path, or `null`, which stands for nothing at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataPath {
    /// The path as it is written.
    Path(String),
    /// `null`: an empty input or output, or a result that is thrown away.
    Discard,
}

impl From<&str> for DataPath {
    fn from(path: &str) -> Self {
        Self::Path(path.to_owned())
    }
}

impl ToJson for DataPath {
    fn to_json(&self) -> Value {
        match self {
            Self::Path(path) => path.to_json(),
            Self::Discard => Value::Null,
        }
    }
}

impl FromJson for DataPath {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Discard),
            Value::String(path) => Some(Self::Path(path.clone())),
            other => place.expected("a path or null", other),
        }
    }
}
