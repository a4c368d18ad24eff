//! Message attributes, as SNS and SQS have them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Error;

/// The attributes of a message, by name.
pub type Attributes = BTreeMap<String, MessageAttribute>;

/// A message attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageAttribute {
    /// `String`, `Number`, `Binary` or `String.Array`, perhaps with a suffix of the sender's own.
    pub data_type: String,
    /// The value; a binary one as base64.
    pub value: String,
}

impl MessageAttribute {
    /// Reads attributes from `{name: {DataType, StringValue}}`.
    ///
    /// # Errors
    /// `InvalidParameterValue`, where a type or value is missing or empty.
    pub fn read_all(json: Option<&Value>) -> Result<Attributes, Error> {
        let entries = json.and_then(Value::as_object).into_iter().flatten();
        entries
            .map(|(name, value)| Ok((name.clone(), Self::read(name, value)?)))
            .collect()
    }

    fn read(name: &str, json: &Value) -> Result<Self, Error> {
        let text = |field: &str| json.get(field).and_then(Value::as_str);
        let wrong = |what: &str| {
            Error::new(
                "InvalidParameterValue",
                format!(
                    "The message attribute '{name}' must contain non-empty message attribute {what}."
                ),
            )
        };
        let data_type = text("DataType")
            .filter(|kind| !kind.is_empty())
            .ok_or_else(|| wrong("type"))?;
        let value = text("StringValue")
            .or_else(|| text("BinaryValue"))
            .filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| wrong("value"))?;
        let number = data_type == "Number" || data_type.starts_with("Number.");
        if number && value.parse::<f64>().is_err() {
            return Err(Error::new(
                "InvalidParameterValue",
                format!("Could not cast message attribute '{name}' value to number."),
            ));
        }
        Ok(Self {
            data_type: data_type.into(),
            value: value.into(),
        })
    }

    /// As SQS hands it to a consumer.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let field = if self.data_type.starts_with("Binary") {
            "BinaryValue"
        } else {
            "StringValue"
        };
        json!({ "DataType": self.data_type, field: self.value })
    }

    /// What a filter policy compares: a number, a text, or the values of an array.
    fn comparable(&self) -> Value {
        let parsed = || serde_json::from_str(&self.value).ok();
        match self.data_type.split('.').next() {
            Some("Number") => parsed().unwrap_or_else(|| self.value.clone().into()),
            Some("String") if self.data_type == "String.Array" => {
                parsed().unwrap_or_else(|| self.value.clone().into())
            }
            _ => self.value.clone().into(),
        }
    }
}

/// The attributes as the object that a filter policy is matched with.
pub(super) fn comparable(attributes: &Attributes) -> Value {
    let entries = attributes
        .iter()
        .map(|(name, attribute)| (name.clone(), attribute.comparable()));
    entries.collect::<Map<_, _>>().into()
}
