//! A saga's input as a model of API Gateway: JSON Schema in draft 4.
//!
//! API Gateway names a field that is missing, but of one that does not fit only the rule. So a request is
//! refused by the model where something is missing or no object, and by the starter, which names the field,
//! where it is of another type. The schemas of manifests are 2020-12; what of them is in a model is the same
//! in draft 4, and nothing is that the saga would take and the model refuse.

use serde_json::{Map, Value};

/// What is kept of an object's schema.
const KEPT: [&str; 3] = ["type", "description", "required"];

/// The model of an input.
pub(super) fn model(schema: &Value, title: &str) -> Value {
    let mut model = shape(schema);
    let head = [
        ("$schema", "http://json-schema.org/draft-04/schema#"),
        ("title", title),
    ];
    model.extend(head.map(|(name, text)| (name.to_owned(), text.into())));
    let mut model = Value::Object(model);
    model.sort_all_objects();
    model
}

/// An object's fields and which of them are there always; of anything else its description.
fn shape(schema: &Value) -> Map<String, Value> {
    let is_object = schema.get("type").is_some_and(|kind| kind == "object");
    let fields = schema.as_object().into_iter().flatten();
    let mut model = Map::new();
    for (name, value) in fields {
        let empty = value.as_array().is_some_and(Vec::is_empty);
        match name.as_str() {
            "description" => model.insert(name.clone(), value.clone()),
            // A list of none is refused by draft 4.
            "required" if empty => None,
            name if is_object && KEPT.contains(&name) => {
                model.insert(name.to_owned(), value.clone())
            }
            "properties" if is_object => {
                let fields = value.as_object().into_iter().flatten();
                let fields = fields.map(|(name, of)| (name.clone(), shape(of).into()));
                model.insert(name.clone(), Value::Object(fields.collect()))
            }
            _ => None,
        };
    }
    model
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_model_has_fields_and_nothing_that_draft_4_words_otherwise() {
        let schema = json!({
            "type": "object", "description": "A trip.", "required": ["id", "of"],
            "properties": {
                "id": { "type": "string", "description": "Its name." },
                "kind": { "const": "fast" },
                "of": { "type": "object", "required": [], "properties": { "n": { "exclusiveMinimum": 0 } } },
                "or": { "anyOf": [{ "type": "object", "required": ["a"] }, { "type": "null" }] },
            },
        });
        let expected = json!({
            "$schema": "http://json-schema.org/draft-04/schema#", "title": "Trips",
            "type": "object", "description": "A trip.", "required": ["id", "of"],
            "properties": {
                "id": { "description": "Its name." }, "kind": {}, "or": {},
                "of": { "type": "object", "properties": { "n": {} } },
            },
        });
        assert_eq!(model(&schema, "Trips"), expected);
    }
}
