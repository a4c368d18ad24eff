//! Values that fit a schema.

use saga_manifest::task::{AttributeShape, Shape};
use serde_json::{Map, Value, json};

/// How deep schemas that refer to themselves are followed.
const DEEPEST: usize = 12;

/// How much of what may be left out is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fullness {
    /// Lists are empty, what is optional is absent.
    Least,
    /// Lists have one item, what is optional is there.
    Full,
    /// Lists have two items.
    Two,
}

/// A value that fits a JSON Schema (2020-12) as serde's types come out as: everything is there, lists have one
/// item.
#[must_use]
pub fn sample(schema: &Value) -> Value {
    Sampler {
        root: schema,
        full: Fullness::Full,
    }
    .value(schema, "value", DEEPEST)
}

/// Values that fit a schema, of which no two are equal: with everything there and lists of one item; of two
/// items; with nothing that may be left out.
#[must_use]
pub fn samples(schema: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for full in [Fullness::Full, Fullness::Two, Fullness::Least] {
        let value = Sampler { root: schema, full }.value(schema, "value", DEEPEST);
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

struct Sampler<'s> {
    root: &'s Value,
    full: Fullness,
}

impl Sampler<'_> {
    fn value(&self, schema: &Value, name: &str, depth: usize) -> Value {
        let (Some(rules), Some(depth)) = (schema.as_object(), depth.checked_sub(1)) else {
            return Value::Null;
        };
        if let Some(value) = rules.get("const") {
            return value.clone();
        }
        if let Some(first) = rules
            .get("enum")
            .and_then(Value::as_array)
            .and_then(|all| all.first())
        {
            return first.clone();
        }
        if let Some(target) = rules.get("$ref").and_then(Value::as_str) {
            let referred = target
                .strip_prefix('#')
                .and_then(|pointer| self.root.pointer(pointer));
            return referred.map_or(Value::Null, |schema| self.value(schema, name, depth));
        }
        for alternatives in ["oneOf", "anyOf"] {
            if let Some(all) = rules.get(alternatives).and_then(Value::as_array) {
                return self.alternative(all, name, depth);
            }
        }
        if let Some(all) = rules.get("allOf").and_then(Value::as_array) {
            return self.all_of(rules, all, name, depth);
        }
        self.of_type(rules, name, depth)
    }

    fn alternative(&self, all: &[Value], name: &str, depth: usize) -> Value {
        let null = |schema: &&Value| schema.get("type").and_then(Value::as_str) == Some("null");
        let chosen = match self.full {
            Fullness::Least => all.iter().find(null).or(all.first()),
            _ => all.iter().find(|schema| !null(schema)),
        };
        chosen.map_or(Value::Null, |schema| self.value(schema, name, depth))
    }

    fn all_of(&self, rules: &Map<String, Value>, all: &[Value], name: &str, depth: usize) -> Value {
        let mut fields = Map::new();
        let own = self.of_type(rules, name, depth);
        let parts = all.iter().map(|schema| self.value(schema, name, depth));
        for part in parts.chain([own]) {
            match part {
                Value::Object(part) => fields.extend(part),
                Value::Null => {}
                other => return other,
            }
        }
        Value::Object(fields)
    }

    fn of_type(&self, rules: &Map<String, Value>, name: &str, depth: usize) -> Value {
        let kinds: Vec<&str> = match rules.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if rules.contains_key("properties") => vec!["object"],
            _ => Vec::new(),
        };
        let least = self.full == Fullness::Least;
        let kind = match kinds.as_slice() {
            kinds if least && kinds.contains(&"null") => "null",
            kinds => kinds
                .iter()
                .copied()
                .find(|kind| *kind != "null")
                .unwrap_or("null"),
        };
        match kind {
            "object" => self.object(rules, depth),
            "array" => self.list(rules, name, depth),
            "string" => Value::String(text(rules, name)),
            "integer" => rules
                .get("minimum")
                .filter(|least| least.is_i64())
                .cloned()
                .unwrap_or(json!(1)),
            "number" => rules.get("minimum").cloned().unwrap_or(json!(1)),
            "boolean" => json!(!least),
            _ => Value::Null,
        }
    }

    fn object(&self, rules: &Map<String, Value>, depth: usize) -> Value {
        let required: Vec<&str> = match rules.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let properties = rules.get("properties").and_then(Value::as_object);
        let present = properties
            .into_iter()
            .flatten()
            .filter(|(name, _)| self.full != Fullness::Least || required.contains(&name.as_str()));
        let fields = present.map(|(name, schema)| (name.clone(), self.value(schema, name, depth)));
        Value::Object(fields.collect())
    }

    fn list(&self, rules: &Map<String, Value>, name: &str, depth: usize) -> Value {
        if let Some(items) = rules.get("prefixItems").and_then(Value::as_array) {
            return items
                .iter()
                .map(|schema| self.value(schema, name, depth))
                .collect();
        }
        let least = rules.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let count = match self.full {
            Fullness::Least => 0,
            Fullness::Full => 1,
            Fullness::Two => 2,
        };
        let schema = rules.get("items").unwrap_or(&Value::Null);
        let items = (0..count.max(least))
            .map(|index| self.value(schema, &format!("{name}-{index}"), depth));
        items.collect()
    }
}

fn text(rules: &Map<String, Value>, name: &str) -> String {
    match rules.get("format").and_then(Value::as_str) {
        Some("date-time") => "2026-01-01T00:00:00Z".to_owned(),
        Some("date") => "2026-01-01".to_owned(),
        Some("time") => "00:00:00Z".to_owned(),
        Some("uuid") => "00000000-0000-4000-8000-000000000000".to_owned(),
        Some("uri" | "url") => "https://example.com".to_owned(),
        _ => name.to_owned(),
    }
}

/// A DynamoDB item of these attributes, as `getItem` answers it.
#[must_use]
pub fn item(attributes: &[AttributeShape]) -> Value {
    let fields = attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), stored(&attribute.shape)));
    Value::Object(fields.collect())
}

/// The same as the flow reads it.
pub(crate) fn plain_item(attributes: &[AttributeShape]) -> Value {
    let fields = attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), plain(&attribute.shape)));
    Value::Object(fields.collect())
}

/// The value that [`stored`] stands for.
fn plain(shape: &Shape) -> Value {
    match shape {
        Shape::String => json!("text"),
        Shape::Number => json!(1),
        Shape::Bool => json!(true),
        Shape::Optional(shape) => plain(shape),
        Shape::List(shape) => json!([plain(shape)]),
        Shape::Object(attributes) => plain_item(attributes),
        Shape::Map(shape) => json!({ "key": plain(shape) }),
        Shape::Json => Value::Null,
    }
}

/// A value as DynamoDB stores it (API reference, `AttributeValue`).
fn stored(shape: &Shape) -> Value {
    match shape {
        Shape::String => json!({ "S": "text" }),
        Shape::Number => json!({ "N": "1" }),
        Shape::Bool => json!({ "BOOL": true }),
        Shape::Optional(shape) => stored(shape),
        Shape::List(shape) => json!({ "L": [stored(shape)] }),
        Shape::Object(attributes) => json!({ "M": item(attributes) }),
        Shape::Map(shape) => json!({ "M": { "key": stored(shape) } }),
        Shape::Json => json!({ "S": "null" }),
    }
}
