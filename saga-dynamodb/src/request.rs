//! The parts that requests have in common.

use serde_json::Value;

use super::Error;
use super::expression::{Condition, Placeholders, Projection};
use super::value::{Item, item_from_json, item_to_json};

/// A request's JSON, and its placeholders.
pub(super) struct Request<'r> {
    json: &'r Value,
    pub(super) placeholders: Placeholders,
}

impl<'r> Request<'r> {
    /// Reads a request of an action that knows these parameters besides those of every action.
    pub(super) fn read(json: &'r Value, known: &[&str]) -> Result<Self, Error> {
        let stated = json
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str());
        for name in stated {
            if LEGACY.contains(&name) {
                return Err(Error::Unsupported(format!("{name} (write an expression)")));
            }
            if !known.contains(&name) && !COMMON.contains(&name) {
                return Err(Error::Unsupported(format!("parameter {name}")));
            }
        }
        Ok(Self {
            json,
            placeholders: Placeholders::read(json)?,
        })
    }

    pub(super) fn text(&self, name: &str) -> Option<&'r str> {
        self.json.get(name)?.as_str()
    }

    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.json
            .get(name)?
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.json.get(name)?.as_bool()
    }

    pub(super) fn list(&self, name: &str) -> &'r [Value] {
        self.json
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    pub(super) fn table(&self) -> Result<&'r str, Error> {
        self.text("TableName").ok_or_else(|| missing("tableName"))
    }

    pub(super) fn item(&self, name: &str) -> Result<Item, Error> {
        let json = self.json.get(name).ok_or_else(|| missing(name))?;
        item_from_json(json)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.json.get(name).is_some()
    }

    pub(super) fn condition(&self, parameter: &str) -> Result<Option<Condition>, Error> {
        let text = self.text(parameter);
        text.map(|text| Condition::parse(parameter, text, &self.placeholders))
            .transpose()
    }

    pub(super) fn projection(&self) -> Result<Option<Projection>, Error> {
        let text = self.text("ProjectionExpression");
        text.map(|text| Projection::parse(text, &self.placeholders))
            .transpose()
    }

    /// Refuses an item for which the request's condition does not hold.
    pub(super) fn require(
        &self,
        condition: Option<&Condition>,
        item: Option<&Item>,
    ) -> Result<(), Error> {
        let none = Item::new();
        if condition.is_none_or(|condition| condition.holds(item.unwrap_or(&none))) {
            return Ok(());
        }
        let asked = self.text("ReturnValuesOnConditionCheckFailure") == Some("ALL_OLD");
        Err(Error::ConditionalCheckFailed {
            item: item.filter(|_| asked).map(item_to_json),
        })
    }
}

/// What every action may be told, and what has no effect here: capacity and metrics.
const COMMON: [&str; 5] = [
    "TableName",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnConsumedCapacity",
    "ReturnItemCollectionMetrics",
];

/// What expressions took the place of in 2014.
const LEGACY: [&str; 7] = [
    "Expected",
    "AttributeUpdates",
    "AttributesToGet",
    "ConditionalOperator",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
];

pub(super) fn missing(name: &str) -> Error {
    Error::Validation(format!(
        "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
        lower_first(name)
    ))
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + chars.as_str()
    })
}
