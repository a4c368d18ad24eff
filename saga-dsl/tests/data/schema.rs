//! Says whether a value is one of a JSON Schema's: the keywords that the manifest's schemas use.

use serde_json::Value;

/// Whether the schema accepts the value.
pub fn accepts(schema: &Value, value: &Value) -> bool {
    let keywords = schema.as_object().expect("a schema is an object");
    keywords
        .iter()
        .all(|(keyword, with)| match keyword.as_str() {
            "description" => true,
            "type" => is(with.as_str().unwrap(), value),
            "const" => value == with,
            "enum" => with.as_array().unwrap().contains(value),
            "minimum" => value
                .as_i64()
                .is_none_or(|value| value >= with.as_i64().unwrap()),
            "maximum" => value
                .as_u64()
                .is_none_or(|value| value <= with.as_u64().unwrap()),
            "anyOf" => alternatives(with, value) > 0,
            "oneOf" => alternatives(with, value) == 1,
            "items" => value
                .as_array()
                .is_none_or(|items| items.iter().all(|item| accepts(with, item))),
            "additionalProperties" if with == false => {
                let known = keywords.get("properties").and_then(Value::as_object);
                let known = |name: &String| known.is_some_and(|known| known.contains_key(name));
                value
                    .as_object()
                    .is_none_or(|fields| fields.keys().all(known))
            }
            "additionalProperties" => value
                .as_object()
                .is_none_or(|fields| fields.values().all(|value| accepts(with, value))),
            "properties" => properties(with, value),
            "required" => required(with, value),
            other => panic!("the keyword `{other}` is not known here"),
        })
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type `{other}` is not known"),
    }
}

fn alternatives(schemas: &Value, value: &Value) -> usize {
    let schemas = schemas.as_array().unwrap().iter();
    schemas.filter(|schema| accepts(schema, value)).count()
}

fn properties(schemas: &Value, value: &Value) -> bool {
    let Some(fields) = value.as_object() else {
        return true;
    };
    let mut schemas = schemas.as_object().unwrap().iter();
    schemas.all(|(name, schema)| fields.get(name).is_none_or(|value| accepts(schema, value)))
}

fn required(names: &Value, value: &Value) -> bool {
    let Some(fields) = value.as_object() else {
        return true;
    };
    let mut names = names.as_array().unwrap().iter();
    names.all(|name| fields.contains_key(name.as_str().unwrap()))
}
