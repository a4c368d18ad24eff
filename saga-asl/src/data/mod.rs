//! JSON values as a state machine handles them: ordered, immutable, cheap to share.
//!
//! A payload travels through many states and is changed in few of them. [`Data`] therefore
//! shares its arrays, objects and strings: a clone costs one reference count, and a change
//! copies only the containers on the way to the changed place.

mod compare;
mod object;
mod size;
mod transfer;
mod wide;

use std::fmt;
use std::sync::Arc;

pub use object::Object;
pub use serde_json::Number;
pub use wide::Wide;

/// A JSON value with shared containers; keys keep the order in which they were written.
#[derive(Clone, Debug, Default)]
pub enum Data {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer or a double, as it was written.
    Number(Number),
    /// A string.
    String(Arc<str>),
    /// An array.
    Array(Arc<Vec<Data>>),
    /// An object.
    Object(Arc<Object>),
}

impl Data {
    /// The empty object, the input of an execution that was given none.
    pub fn empty_object() -> Self {
        Data::Object(Arc::default())
    }

    /// A string value.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Data::String(text.into())
    }

    /// An array of `items`.
    pub fn array(items: Vec<Data>) -> Self {
        Data::Array(Arc::new(items))
    }

    /// An object of the given members, in their order.
    pub fn object<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Data)>) -> Self {
        let members = members.into_iter().map(|(key, value)| (key.into(), value));
        Data::Object(Arc::new(members.collect()))
    }

    /// A double as JSON has it: a whole number below 2⁵³ becomes an integer, and what JSON
    /// cannot say (infinite, not a number) is `None`.
    pub fn from_f64(number: f64) -> Option<Self> {
        const WHOLE: f64 = 9_007_199_254_740_992.0;
        if number.fract() == 0.0 && number.abs() < WHOLE {
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            return Some(Data::from(number as i64));
        }
        Number::from_f64(number).map(Data::Number)
    }

    /// Parses JSON text.
    ///
    /// # Errors
    /// Whatever `serde_json` says of text that is not JSON, or nests deeper than 128.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The member `key` of an object.
    pub fn get(&self, key: &str) -> Option<&Data> {
        self.as_object()?.get(key)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Data::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A number as a double.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Data::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// A number that was written as an integer and fits 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Data::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&[Data]> {
        match self {
            Data::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Data::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Whether both are the same allocation (or equal scalars): a test that costs nothing.
    pub fn same(&self, other: &Data) -> bool {
        match (self, other) {
            (Data::Array(a), Data::Array(b)) => Arc::ptr_eq(a, b),
            (Data::Object(a), Data::Object(b)) => Arc::ptr_eq(a, b),
            (Data::String(a), Data::String(b)) => Arc::ptr_eq(a, b),
            (Data::Null, Data::Null) => true,
            (Data::Bool(a), Data::Bool(b)) => a == b,
            _ => false,
        }
    }
}

impl From<i64> for Data {
    fn from(number: i64) -> Self {
        Data::Number(number.into())
    }
}

impl From<usize> for Data {
    fn from(number: usize) -> Self {
        Data::Number(number.into())
    }
}

impl From<bool> for Data {
    fn from(value: bool) -> Self {
        Data::Bool(value)
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Data::String(text.into())
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Data::String(text.into())
    }
}

/// Compact JSON text.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}
