//! JSON Patch (RFC 6902), as far as the table of defects needs it.

use serde_json::{Map, Value};

/// Applies operations of `add`, `replace` and `remove`.
pub fn apply(mut document: Value, operations: &Value) -> Value {
    for operation in operations.as_array().expect("a list of operations") {
        let path = operation["path"].as_str().expect("a path");
        let (parent, last) = path.rsplit_once('/').expect("a pointer");
        let place = document
            .pointer_mut(parent)
            .unwrap_or_else(|| panic!("no `{parent}`"));
        let value = operation.get("value").cloned();
        match place {
            Value::Object(fields) => in_object(fields, last, value),
            Value::Array(items) => in_array(items, last, operation["op"] == "add", value),
            other => panic!("`{parent}` is {other}"),
        }
    }
    document
}

fn in_object(fields: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(fields.insert(name.to_owned(), value)),
        None => drop(fields.remove(name).unwrap_or_else(|| panic!("no `{name}`"))),
    }
}

fn in_array(items: &mut Vec<Value>, index: &str, add: bool, value: Option<Value>) {
    let index = index.parse().unwrap_or(items.len());
    match (value, add) {
        (Some(value), true) => items.insert(index, value),
        (Some(value), false) => items[index] = value,
        (None, _) => drop(items.remove(index)),
    }
}
