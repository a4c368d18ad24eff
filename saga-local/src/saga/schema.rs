//! Whether an input fits the JSON Schema that a saga's manifest states.
//!
//! As much of JSON Schema (2020-12) as serde's types come out as. A general validator was tried (the
//! `jsonschema` crate: 115 packages, 40 s to build) and left: it would be most of this tool's build.

use saga_asl::lint::did_you_mean;
use serde_json::{Map, Value};

/// A place where an input does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Mismatch {
    /// Where, as `fareId` or `items[0].quantity`; `the input` for its root.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

/// How deep schemas that refer to schemas are followed.
const DEEPEST: usize = 64;

/// Every place where an input does not fit its saga's schema.
#[must_use]
pub fn mismatches(schema: &Value, input: &Value) -> Vec<Mismatch> {
    let mut found = Vec::new();
    Checker {
        root: schema,
        found: &mut found,
    }
    .value(schema, input, &Place::Root, DEEPEST);
    found
}

/// The way to a value.
#[derive(Clone, Copy)]
enum Place<'p> {
    Root,
    Field(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Root => f.write_str("the input"),
            Self::Field(Self::Root, name) => write!(f, "`{name}`"),
            Self::Field(..) | Self::Item(..) => write!(f, "`{}`", self.path()),
        }
    }
}

impl Place<'_> {
    fn path(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Field(Self::Root, name) => (*name).to_owned(),
            Self::Field(of, name) => format!("{}.{name}", of.path()),
            Self::Item(of, index) => format!("{}[{index}]", of.path()),
        }
    }
}

struct Checker<'c> {
    root: &'c Value,
    found: &'c mut Vec<Mismatch>,
}

impl Checker<'_> {
    fn value(&mut self, schema: &Value, value: &Value, place: &Place<'_>, depth: usize) {
        let (Some(depth), Value::Object(rules)) = (depth.checked_sub(1), schema) else {
            if *schema == Value::Bool(false) {
                self.report(place, "nothing may be here");
            }
            return;
        };
        if let Some(target) = rules.get("$ref").and_then(Value::as_str) {
            let referred = target
                .strip_prefix('#')
                .and_then(|pointer| self.root.pointer(pointer));
            if let Some(referred) = referred.cloned() {
                self.value(&referred, value, place, depth);
            }
        }
        if !self.has_type(rules, value, place) {
            return;
        }
        self.one_of_values(rules, value, place);
        self.bounds(rules, value, place);
        for all in list(rules, "allOf") {
            self.value(all, value, place, depth);
        }
        self.alternatives(rules, value, place, depth);
        match value {
            Value::Object(fields) => self.object(rules, fields, place, depth),
            Value::Array(items) => {
                let schema = rules.get("items").unwrap_or(&Value::Null);
                for (index, item) in items.iter().enumerate() {
                    self.value(schema, item, &Place::Item(place, index), depth);
                }
            }
            _ => {}
        }
    }

    fn has_type(&mut self, rules: &Map<String, Value>, value: &Value, place: &Place<'_>) -> bool {
        let allowed: Vec<&str> = match rules.get("type") {
            None => return true,
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            Some(kind) => kind.as_str().into_iter().collect(),
        };
        let fits = allowed.iter().any(|kind| is_of(value, kind));
        if !fits {
            let expected: Vec<&str> = allowed.iter().map(|kind| described(kind)).collect();
            let expected = expected.join(" or ");
            self.report(
                place,
                &format!(
                    "{expected} is expected, and this is {}",
                    described(kind_of(value))
                ),
            );
        }
        fits
    }

    fn one_of_values(&mut self, rules: &Map<String, Value>, value: &Value, place: &Place<'_>) {
        let allowed: Vec<&Value> = rules
            .get("const")
            .into_iter()
            .chain(list(rules, "enum"))
            .collect();
        if !allowed.is_empty() && !allowed.contains(&value) {
            let allowed: Vec<String> = allowed
                .iter()
                .map(|value| format!("`{}`", plain(value)))
                .collect();
            self.report(
                place,
                &format!("`{}` is none of {}", plain(value), allowed.join(", ")),
            );
        }
    }

    fn bounds(&mut self, rules: &Map<String, Value>, value: &Value, place: &Place<'_>) {
        let bound = |name: &str| rules.get(name).and_then(Value::as_f64);
        let Some(number) = value.as_f64() else { return };
        if let Some(least) = bound("minimum").filter(|least| number < *least) {
            self.report(place, &format!("{number} is less than {least}"));
        }
        if let Some(most) = bound("maximum").filter(|most| number > *most) {
            self.report(place, &format!("{number} is more than {most}"));
        }
    }

    /// `anyOf` and `oneOf`: what is wrong with the closest of them, where none fits.
    fn alternatives(
        &mut self,
        rules: &Map<String, Value>,
        value: &Value,
        place: &Place<'_>,
        depth: usize,
    ) {
        for name in ["anyOf", "oneOf"] {
            let mut closest: Option<Vec<Mismatch>> = None;
            for schema in list(rules, name) {
                let mut found = Vec::new();
                Checker {
                    root: self.root,
                    found: &mut found,
                }
                .value(schema, value, place, depth);
                if closest
                    .as_ref()
                    .is_none_or(|closest| nearer(&found, closest))
                {
                    closest = Some(found);
                }
            }
            self.found.extend(closest.unwrap_or_default());
        }
    }

    fn object(
        &mut self,
        rules: &Map<String, Value>,
        fields: &Map<String, Value>,
        place: &Place<'_>,
        depth: usize,
    ) {
        let properties = rules.get("properties").and_then(Value::as_object);
        for name in list(rules, "required").iter().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                let problem = match misspelt(name, fields, properties) {
                    Some(other) => format!("is missing: `{other}` is no field of this input"),
                    None => "is missing".to_owned(),
                };
                self.report(&Place::Field(place, name), &problem);
            }
        }
        let mut names: Vec<&String> = fields.keys().collect();
        names.sort();
        for name in names {
            let known = properties.and_then(|properties| properties.get(name));
            let schema = known.or_else(|| rules.get("additionalProperties"));
            let place = Place::Field(place, name);
            match (schema, fields.get(name)) {
                (Some(Value::Bool(false)), _) => {
                    self.report(&place, "is not a field of this input")
                }
                (Some(schema), Some(value)) => self.value(schema, value, &place, depth),
                _ => {}
            }
        }
    }

    fn report(&mut self, place: &Place<'_>, problem: &str) {
        self.found.push(Mismatch {
            place: place.to_string(),
            problem: problem.into(),
        });
    }
}

/// Fewer mismatches are nearer; of as many, those further inside.
fn nearer(found: &[Mismatch], closest: &[Mismatch]) -> bool {
    let inside = |found: &[Mismatch]| found.iter().map(|one| one.place.len()).max();
    found.len() < closest.len() || (found.len() == closest.len() && inside(found) > inside(closest))
}

fn list<'r>(rules: &'r Map<String, Value>, name: &str) -> &'r [Value] {
    rules
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        kind => kind_of(value) == kind,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn described(kind: &str) -> &'static str {
    match kind {
        "null" => "null",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list",
        _ => "an object",
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The field that was probably meant to be the one of that name: one that the schema does not know.
fn misspelt<'f>(
    name: &str,
    fields: &'f Map<String, Value>,
    properties: Option<&Map<String, Value>>,
) -> Option<&'f str> {
    let is_known = |field: &str| properties.is_some_and(|known| known.contains_key(field));
    let unknown = fields.keys().map(String::as_str);
    did_you_mean(name, unknown.filter(|field| !is_known(field)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(input: Value, expected: &[&str]) {
        let schema = json!({
            "type": "object",
            "required": ["fareId", "status"],
            "properties": {
                "fareId": { "type": "string" },
                "status": { "$ref": "#/$defs/Status" },
                "note": { "type": ["string", "null"] },
                "items": { "type": "array", "items": { "$ref": "#/$defs/Item" } },
                "paid": { "anyOf": [{ "$ref": "#/$defs/Item" }, { "type": "null" }] },
            },
            "$defs": {
                "Status": { "type": "string", "enum": ["new", "old"] },
                "Item": {
                    "type": "object",
                    "required": ["quantity"],
                    "properties": { "quantity": { "type": "integer", "minimum": 0 } },
                    "additionalProperties": false,
                },
            },
        });
        let found: Vec<String> = super::mismatches(&schema, &input)
            .iter()
            .map(Mismatch::to_string)
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_input_that_fits_has_no_mismatch() {
        check(json!({ "fareId": "1", "status": "new" }), &[]);
        check(
            json!({ "fareId": "1", "status": "old", "note": null, "items": [{ "quantity": 2.0 }] }),
            &[],
        );
        check(
            json!({ "fareId": "1", "status": "old", "paid": null, "unknown": 1 }),
            &[],
        );
    }

    #[test]
    fn each_mismatch_names_its_place() {
        check(
            json!([]),
            &["the input: an object is expected, and this is a list"],
        );
        check(json!({}), &["`fareId`: is missing", "`status`: is missing"]);
        check(
            json!({ "fareId": 1, "status": "gone" }),
            &[
                "`fareId`: a text is expected, and this is a number",
                "`status`: `gone` is none of `new`, `old`",
            ],
        );
        check(
            json!({ "fareId": "1", "status": "new", "note": 1 }),
            &["`note`: a text or null is expected, and this is a number"],
        );
        check(
            json!({ "fareId": "1", "status": "new", "items": [{ "quantity": 1 }, { "quantity": 1.5 }, {}] }),
            &[
                "`items[1].quantity`: a whole number is expected, and this is a number",
                "`items[2].quantity`: is missing",
            ],
        );
        check(
            json!({ "fareId": "1", "status": "new", "items": [{ "quantity": -1, "x": 1 }] }),
            &[
                "`items[0].quantity`: -1 is less than 0",
                "`items[0].x`: is not a field of this input",
            ],
        );
        check(
            json!({ "fareId": "1", "status": "new", "paid": { "quantity": "x" } }),
            &["`paid.quantity`: a whole number is expected, and this is a text"],
        );
    }
}
