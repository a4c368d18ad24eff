//! The variables that a state reads and assigns, from the text of its expressions.

use std::collections::BTreeSet;

use serde_json::Value;

/// Names that expressions bind themselves.
const LOCAL: [&str; 8] = [
    "states", "value", "text", "item", "list", "entry", "name", "",
];

/// The variables that the expressions of some JSON read.
pub fn reads(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.starts_with("{%") => found.extend(names(text)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, found)),
        _ => {}
    }
}

/// The variables that a state's success, or a catcher, assigns.
pub fn assigned(of: &Value) -> BTreeSet<String> {
    let names = of["Assign"].as_object().into_iter().flatten();
    names.map(|(name, _)| name.clone()).collect()
}

/// `$name`s outside string constants that are no calls.
fn names(text: &str) -> impl Iterator<Item = String> {
    let code: String = text.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let parts: Vec<_> = code.split('$').skip(1).map(str::to_owned).collect();
    parts.into_iter().filter_map(|part| {
        let name: String = part
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let call = part
            .strip_prefix(name.as_str())
            .is_some_and(|rest| rest.starts_with('('));
        (!call && !LOCAL.contains(&name.as_str())).then_some(name)
    })
}

#[test]
fn variables_are_told_from_functions_and_constants() {
    let expression = serde_json::json!("{% $exists($a.b) ? \"$c\" : $d(1) & $states.input.e %}");
    assert_eq!(reads(&expression), ["a".to_owned()].into());
}
