//! Attribute values, and their form in JSON (`{"S": "…"}`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Error;
use super::number::Number;

/// An item: its attributes by name.
pub type Item = BTreeMap<String, AttributeValue>;

/// How deep lists and maps may be nested (quotas of DynamoDB: 32 levels).
const DEEPEST: usize = 32;

/// An attribute's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// `S`
    String(String),
    /// `N`
    Number(Number),
    /// `B`, as its base64 text
    Binary(String),
    /// `BOOL`
    Bool(bool),
    /// `NULL`
    Null,
    /// `SS`
    Strings(BTreeSet<String>),
    /// `NS`
    Numbers(BTreeSet<Number>),
    /// `BS`
    Binaries(BTreeSet<String>),
    /// `L`
    List(Vec<AttributeValue>),
    /// `M`
    Map(Item),
}

impl AttributeValue {
    /// Reads a value from its form in JSON.
    ///
    /// # Errors
    /// When it has not exactly one type, an unknown one, or a value that its type does not allow.
    pub fn from_json(json: &Value) -> Result<Self, Error> {
        Self::read(json, DEEPEST)
    }

    fn read(json: &Value, depth: usize) -> Result<Self, Error> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Error::Validation(
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels \
                 beyond supported limit"
                    .into(),
            ));
        };
        let mut entries = json.as_object().into_iter().flatten();
        let (Some((kind, value)), None) = (entries.next(), entries.next()) else {
            return Err(Error::Validation(
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
                    .into(),
            ));
        };
        match (kind.as_str(), value) {
            ("S", Value::String(text)) => Ok(Self::String(text.clone())),
            ("N", Value::String(text)) => text.parse().map(Self::Number),
            ("B", Value::String(text)) => Ok(Self::Binary(text.clone())),
            ("BOOL", Value::Bool(value)) => Ok(Self::Bool(*value)),
            ("NULL", Value::Bool(true)) => Ok(Self::Null),
            ("SS", Value::Array(values)) => set(values, |text| Ok(text.into())).map(Self::Strings),
            ("NS", Value::Array(values)) => set(values, str::parse).map(Self::Numbers),
            ("BS", Value::Array(values)) => set(values, |text| Ok(text.into())).map(Self::Binaries),
            ("L", Value::Array(values)) => {
                let values = values.iter().map(|value| Self::read(value, depth));
                values.collect::<Result<_, _>>().map(Self::List)
            }
            ("M", Value::Object(fields)) => read_fields(fields, depth).map(Self::Map),
            ("NULL", Value::Bool(false)) => Err(Error::parameter(
                "Null attribute value types must have the value of true",
            )),
            _ => Err(Error::Validation(format!(
                "the value of type `{kind}` is not one of DynamoDB's"
            ))),
        }
    }

    /// The value's form in JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::String(text) => json!({ "S": text }),
            Self::Number(number) => json!({ "N": number.to_string() }),
            Self::Binary(text) => json!({ "B": text }),
            Self::Bool(value) => json!({ "BOOL": value }),
            Self::Null => json!({ "NULL": true }),
            Self::Strings(set) => json!({ "SS": set }),
            Self::Numbers(set) => {
                json!({ "NS": set.iter().map(Number::to_string).collect::<Vec<_>>() })
            }
            Self::Binaries(set) => json!({ "BS": set }),
            Self::List(values) => {
                json!({ "L": values.iter().map(Self::to_json).collect::<Vec<_>>() })
            }
            Self::Map(fields) => json!({ "M": item_to_json(fields) }),
        }
    }

    /// The type's name, as expressions and messages have it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::String(_) => "S",
            Self::Number(_) => "N",
            Self::Binary(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::Strings(_) => "SS",
            Self::Numbers(_) => "NS",
            Self::Binaries(_) => "BS",
            Self::List(_) => "L",
            Self::Map(_) => "M",
        }
    }

    /// What it counts towards the item's size, in bytes (developer guide, "Item sizes and formats").
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::String(text) => text.len(),
            Self::Number(number) => number_size(number),
            Self::Binary(base64) => base64.trim_end_matches('=').len() * 3 / 4,
            Self::Bool(_) | Self::Null => 1,
            Self::Strings(set) | Self::Binaries(set) => set.iter().map(String::len).sum(),
            Self::Numbers(set) => set.iter().map(number_size).sum(),
            Self::List(values) => 3 + values.iter().map(|value| value.size() + 1).sum::<usize>(),
            Self::Map(fields) => {
                3 + fields
                    .iter()
                    .map(|(name, value)| name.len() + value.size() + 1)
                    .sum::<usize>()
            }
        }
    }
}

fn number_size(number: &Number) -> usize {
    let digits = number
        .to_string()
        .bytes()
        .filter(u8::is_ascii_digit)
        .count();
    digits.div_ceil(2) + 1
}

/// Reads a set: not empty, without duplicates.
fn set<T: Ord>(
    values: &[Value],
    read: impl Fn(&str) -> Result<T, Error>,
) -> Result<BTreeSet<T>, Error> {
    if values.is_empty() {
        return Err(Error::parameter("An string set  may not be empty"));
    }
    let mut set = BTreeSet::new();
    for value in values {
        let text = value
            .as_str()
            .ok_or_else(|| Error::parameter("a set holds texts"))?;
        if !set.insert(read(text)?) {
            let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            let values = values.join(", ");
            return Err(Error::parameter(&format!(
                "Input collection [{values}] contains duplicates."
            )));
        }
    }
    Ok(set)
}

/// Reads an item, or another object of attributes.
///
/// # Errors
/// When an attribute's value is none.
pub fn item_from_json(json: &Value) -> Result<Item, Error> {
    let fields = json
        .as_object()
        .ok_or_else(|| Error::Validation("an object of attribute values is expected".into()))?;
    read_fields(fields, DEEPEST)
}

fn read_fields(fields: &Map<String, Value>, depth: usize) -> Result<Item, Error> {
    fields
        .iter()
        .map(|(name, value)| Ok((name.clone(), AttributeValue::read(value, depth)?)))
        .collect()
}

/// An item's form in JSON, its attributes in the order of their names.
#[must_use]
pub fn item_to_json(item: &Item) -> Value {
    item.iter()
        .map(|(name, value)| (name.clone(), value.to_json()))
        .collect::<Map<_, _>>()
        .into()
}

/// An item's size in bytes.
#[must_use]
pub fn item_size(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value.size())
        .sum()
}
