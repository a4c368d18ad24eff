//! What an execution is given and Tasks answer: all that a definition's paths may read.

use serde_json::{Map, Value, json};

use crate::side::BEGIN;
use crate::variation::{self, Is};

/// An object that has every field which some path of the definition reads, each of a type that is asked for.
pub fn everything(definition: &Value) -> Value {
    let mut all = json!({});
    texts(definition, &mut |text| {
        for (at, _) in text.match_indices('$') {
            let names = names(text.split_at(at + 1).1);
            let leaf: Value = names.join(" ").into();
            everywhere(&names, &mut |names| put(&mut all, names, &leaf, false));
        }
    });
    for (names, is) in variation::tests(definition) {
        if let Is::Value(value) = is {
            everywhere(&names, &mut |names| put(&mut all, names, &value, true));
        }
    }
    let item = all.clone();
    objects(definition, &mut |object| {
        let mut set = |field: &str, value: Value| {
            if let Some(path) = object.get(field).and_then(Value::as_str) {
                let names = names(path.trim_start_matches(['{', '%', ' ', '$']));
                everywhere(&names, &mut |names| put(&mut all, names, &value, true));
            }
        };
        set("SecondsPath", json!(1));
        set("Seconds", json!(1));
        set("TimestampPath", json!(BEGIN));
        let items = json!([item, item]);
        set("ItemsPath", items.clone());
        set("Items", items);
    });
    all
}

/// Lays one object over another.
pub fn lay(over: &Value, at: &mut Value) {
    match (over, at) {
        (Value::Object(fields), Value::Object(below)) => {
            for (name, value) in fields {
                lay(value, below.entry(name.clone()).or_insert(Value::Null));
            }
        }
        (over, at) => *at = over.clone(),
    }
}

/// The names of a path behind its `$`: of `$.a.b` of JSONPath, `$variable.a.b` and `$states.input.a.b` of JSONata.
pub fn names(path: &str) -> Vec<String> {
    let path: String = path
        .chars()
        .take_while(|it| it.is_alphanumeric() || matches!(it, '_' | '.' | '-'))
        .collect();
    let names = path.split('.').skip(1).filter(|name| !name.is_empty());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    if path.starts_with("states.") {
        let own = ["input", "result", "Payload", "errorOutput", "context"];
        names.retain(|name| !own.contains(&name.as_str()));
    }
    names
}

/// What is read at `a.b` of a payload is read at `b` of what a Task answers that was put at `a`.
pub fn everywhere(names: &[String], see: &mut dyn FnMut(&[String])) {
    (0..names.len()).for_each(|start| see(&names[start..]));
}

/// Puts a value at a path, over another one or where there is none.
pub fn put(at: &mut Value, names: &[String], leaf: &Value, over: bool) {
    let Some((name, rest)) = names.split_first() else {
        return;
    };
    if !at.is_object() {
        *at = json!({});
    }
    let fields: &mut Map<String, Value> = at.as_object_mut().unwrap();
    match rest {
        [] if over => drop(fields.insert(name.clone(), leaf.clone())),
        [] => drop(fields.entry(name.clone()).or_insert_with(|| leaf.clone())),
        rest => put(
            fields.entry(name.clone()).or_insert_with(|| json!({})),
            rest,
            leaf,
            over,
        ),
    }
}

fn texts(value: &Value, see: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, see)),
        // What a result is put at is written there, and not read.
        Value::Object(fields) => {
            let read = fields.iter().filter(|(name, _)| *name != "ResultPath");
            read.for_each(|(_, field)| texts(field, see));
        }
        _ => {}
    }
}

/// Every object in a value, itself too.
pub fn objects(value: &Value, see: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, see)),
        Value::Object(fields) => {
            see(fields);
            fields.values().for_each(|field| objects(field, see));
        }
        _ => {}
    }
}
