//! The two directions between JSON and the types that a field may have.

use indexmap::IndexMap;

use super::read::Place;
use crate::json::{Number, Object, Value};

/// A type that can be written as JSON.
pub(super) trait ToJson {
    fn to_json(&self) -> Value;
}

/// A type that can be read from JSON. Where it cannot, the place has the errors.
pub(super) trait FromJson: Sized {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self>;
}

impl ToJson for String {
    fn to_json(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl FromJson for String {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        value
            .as_str()
            .map(str::to_owned)
            .or_else(|| place.expected("a string", value))
    }
}

impl ToJson for u64 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
}

impl FromJson for u64 {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        match value {
            Value::Number(number) if number.as_u64().is_some() => number.as_u64(),
            other => place.expected("a whole number", other),
        }
    }
}

impl ToJson for Number {
    fn to_json(&self) -> Value {
        Value::Number(self.clone())
    }
}

impl FromJson for Number {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        match value {
            Value::Number(number) => Some(number.clone()),
            other => place.expected("a number", other),
        }
    }
}

impl ToJson for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }
}

impl FromJson for Value {
    fn from_json(value: &Value, _: &mut Place) -> Option<Self> {
        Some(value.clone())
    }
}

impl FromJson for Object {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        value
            .as_object()
            .cloned()
            .or_else(|| place.expected("an object", value))
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(ToJson::to_json).collect())
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let Some(items) = value.as_array() else {
            return place.expected("an array", value);
        };
        let items = items.iter().enumerate().filter_map(|(index, item)| {
            place.within(&index.to_string(), |place| T::from_json(item, place))
        });
        Some(items.collect())
    }
}

/// A map of named parts, such as the states of a machine.
pub(super) struct Named<T>(pub(super) IndexMap<String, T>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(IndexMap::new())
    }
}

impl<T: FromJson> FromJson for Named<T> {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let Some(fields) = value.as_object() else {
            return place.expected("an object", value);
        };
        let parts = fields.iter().filter_map(|(name, part)| {
            let part = place.within(name, |place| T::from_json(part, place))?;
            Some((name.clone(), part))
        });
        Some(Self(parts.collect()))
    }
}

impl<T: ToJson> ToJson for IndexMap<String, T> {
    fn to_json(&self) -> Value {
        Value::Object(
            self.iter()
                .map(|(name, part)| (name.clone(), part.to_json()))
                .collect(),
        )
    }
}
