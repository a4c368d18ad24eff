//! JSON Schema in draft 4, as far as our models use it, in the words of API Gateway.

use serde_json::Value;

/// The keywords that models of ours may have.
const KNOWN: [&str; 6] = [
    "$schema",
    "title",
    "description",
    "type",
    "required",
    "properties",
];

/// What is wrong with a value, if something is.
pub fn invalid(model: &Value, value: &Value) -> Option<String> {
    let model = model.as_object().unwrap();
    for keyword in model.keys() {
        assert!(
            KNOWN.contains(&keyword.as_str()),
            "`{keyword}` is not evaluated here"
        );
    }
    if let Some(kind) = model.get("type") {
        assert_eq!(kind, "object");
        if !value.is_object() {
            return Some(
                "[instance type does not match any allowed primitive type (allowed: [\"object\"])]"
                    .into(),
            );
        }
    }
    let required = model.get("required").and_then(Value::as_array);
    let required = required
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap());
    let missing: Vec<_> = required.filter(|name| value.get(name).is_none()).collect();
    if !missing.is_empty() {
        return Some(format!(
            "[object has missing required properties ({missing:?})]"
        ));
    }
    let fields = model.get("properties").and_then(Value::as_object);
    let mut fields = fields.into_iter().flatten();
    fields.find_map(|(name, model)| invalid(model, value.get(name)?))
}
