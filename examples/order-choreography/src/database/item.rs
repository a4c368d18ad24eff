//! Rows as DynamoDB has them: texts, numbers and booleans, which is all that the tables hold.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::DatabaseError;

/// An attribute.
pub(super) fn attribute(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::Bool(value) => json!({ "BOOL": value }),
        Value::String(text) => json!({ "S": text }),
        other => json!({ "S": other.to_string() }),
    }
}

/// A row's attributes.
pub(super) fn attributes<T: Serialize>(row: &T) -> Result<Map<String, Value>, DatabaseError> {
    let row: Map<String, Value> = serde_json::to_value(row)
        .and_then(serde_json::from_value)
        .map_err(unreadable)?;
    let row = row.into_iter();
    Ok(row.map(|(name, value)| (name, attribute(&value))).collect())
}

/// The row that attributes are.
pub(super) fn typed<T: for<'de> Deserialize<'de>>(item: &Value) -> Result<T, DatabaseError> {
    let fields = item.as_object().into_iter().flatten();
    let row: Map<String, Value> = fields
        .map(|(name, attribute)| (name.clone(), value(attribute)))
        .collect();
    serde_json::from_value(row.into()).map_err(unreadable)
}

fn value(attribute: &Value) -> Value {
    let text = |kind: &str| attribute.get(kind).and_then(Value::as_str);
    match (text("S"), text("N"), attribute.get("BOOL")) {
        (Some(text), ..) => text.into(),
        (_, Some(number), _) => number.parse().map_or(Value::Null, Value::Number),
        (.., Some(value)) => value.clone(),
        _ => Value::Null,
    }
}

fn unreadable(problem: serde_json::Error) -> DatabaseError {
    DatabaseError::DatabaseUnavailable(format!("a row is not as it should be: {problem}"))
}
