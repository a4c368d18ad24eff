//! What is sensitive in a run, and how it is shown: as dots, until somebody asks for it.
//!
//! A manifest names the sensitive fields of what crosses borders. On its way through a saga their values get other names, so
//! both count: whatever has such a name, and whatever text or number such a field held.

use std::collections::BTreeSet;

use saga_manifest::Manifest;
use saga_manifest::saga::Data;
use serde_json::Value;

/// What stands in the place of what is sensitive.
pub(crate) const HIDDEN: &str = "••••••";

/// Letters or digits that a value has at least to be known again elsewhere: shorter ones are everywhere.
const SHORTEST: usize = 4;

/// What is sensitive, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mask {
    names: BTreeSet<String>,
    values: BTreeSet<String>,
}

impl Mask {
    /// The names of the sensitive fields of a package.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let sagas = manifest.sagas.iter();
        let sagas = sagas.flat_map(|saga| [&saga.input, &saga.output]);
        let handlers = manifest.handlers.iter();
        let handlers = handlers.flat_map(|handler| [&handler.input, &handler.output]);
        Self {
            names: sagas.chain(handlers).flat_map(names).collect(),
            values: BTreeSet::new(),
        }
    }

    /// With the names of these fields.
    #[cfg(test)]
    pub(crate) fn named(names: &[&str]) -> Self {
        Self {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            values: BTreeSet::new(),
        }
    }

    /// Whether nothing is sensitive.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names of the sensitive fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Takes in what the sensitive fields of a value hold.
    pub(crate) fn learn(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match self.names.contains(name) {
                        true => leaves(value, &mut self.values),
                        false => self.learn(value),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::String(text) => {
                if let Some(inner) = inner(text) {
                    self.learn(&inner);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The value with dots for what is sensitive.
    pub(crate) fn value(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| {
                    let hidden = self.names.contains(name) && !value.is_null();
                    let shown = match hidden {
                        true => Value::from(HIDDEN),
                        false => self.value(value),
                    };
                    (name.clone(), shown)
                });
                Value::Object(members.collect())
            }
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::String(text) => match inner(text) {
                Some(inner) => self.value(&inner).to_string().into(),
                None => self.text(text).into(),
            },
            Value::Number(number) if self.values.contains(&number.to_string()) => HIDDEN.into(),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    /// An object whose own names are not the user's, with dots in its members.
    pub(crate) fn members(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| (name.clone(), self.value(value)));
                Value::Object(members.collect())
            }
            other => self.value(other),
        }
    }

    fn text(&self, text: &str) -> String {
        // The longest first: one may be in another.
        let mut values: Vec<&String> = self.values.iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        values.into_iter().fold(text.to_owned(), |text, value| {
            text.replace(value.as_str(), HIDDEN)
        })
    }
}

fn names(data: &Data) -> impl Iterator<Item = String> {
    let fields = data.sensitive.iter();
    fields.filter_map(|field| field.path.iter().rev().find(|name| *name != "*").cloned())
}

fn leaves(value: &Value, values: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| leaves(value, values)),
        Value::Array(items) => items.iter().for_each(|value| leaves(value, values)),
        Value::String(text) if text.chars().count() >= SHORTEST && text != HIDDEN => {
            values.insert(text.clone());
        }
        Value::Number(number) if number.to_string().len() >= SHORTEST => {
            values.insert(number.to_string());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a text holds, where that is an object or a list.
fn inner(text: &str) -> Option<Value> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(learned: Value, shown: Value, expected: Value) {
        let mut mask = Mask::named(&["card", "pin"]);
        mask.learn(&learned);
        assert_eq!(mask.value(&shown), expected);
    }

    #[test]
    fn what_has_the_name_is_hidden() {
        check(
            json!({}),
            json!({ "card": "4111", "pin": 7, "id": "a", "in": [{ "card": { "number": 1 } }] }),
            json!({ "card": HIDDEN, "pin": HIDDEN, "id": "a", "in": [{ "card": HIDDEN }] }),
        );
        check(json!({}), json!({ "card": null }), json!({ "card": null }));
    }

    #[test]
    fn what_a_field_held_is_hidden_wherever_it_is() {
        let learned = json!({ "card": "4111-1111", "pin": 98765 });
        check(
            learned.clone(),
            json!({ "number": "4111-1111", "said": "refused: 4111-1111!", "n": 98765, "id": 7 }),
            json!({ "number": HIDDEN, "said": format!("refused: {HIDDEN}!"), "n": HIDDEN, "id": 7 }),
        );
        check(
            json!(learned.to_string()),
            json!(r#"{"held":"4111-1111"}"#),
            json!(format!(r#"{{"held":"{HIDDEN}"}}"#)),
        );
    }

    #[test]
    fn what_is_short_is_hidden_by_its_name_alone() {
        check(
            json!({ "pin": "7" }),
            json!({ "pin": "7", "id": "7" }),
            json!({ "pin": HIDDEN, "id": "7" }),
        );
    }
}
