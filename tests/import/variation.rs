//! Data by which each rule of a Choice holds.

use saga_asl::jsonata::{self, Kind, Node};
use serde_json::{Value, json};

use crate::answer::{everywhere, names, objects, put};
use crate::side::BEGIN;

/// So many at most are tried of one definition.
const MOST: usize = 24;

/// What a rule asks of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Is {
    Value(Value),
    Absent,
}

/// The data, and the same with what a rule asks for, under a name for each.
pub fn all(definition: &Value, data: &Value) -> Vec<(String, Value)> {
    let mut all = vec![(String::new(), data.clone())];
    for (names, is) in tests(definition) {
        let mut varied = data.clone();
        let name = match &is {
            Is::Value(value) => {
                everywhere(&names, &mut |names| put(&mut varied, names, value, true));
                format!(", {} is {value}", names.join("."))
            }
            Is::Absent => {
                everywhere(&names, &mut |names| remove(&mut varied, names));
                format!(", {} is absent", names.join("."))
            }
        };
        if all.len() <= MOST && all.iter().all(|(_, known)| *known != varied) {
            all.push((name, varied));
        }
    }
    all
}

/// What the rules ask of what.
pub fn tests(definition: &Value) -> Vec<(Vec<String>, Is)> {
    let mut tests = Vec::new();
    objects(definition, &mut |object| {
        if let Some(path) = object.get("Variable").and_then(Value::as_str) {
            let names = names(path.trim_start_matches('$'));
            let asked = object.iter().flat_map(|(field, value)| asked(field, value));
            tests.extend(asked.map(|is| (names.clone(), is)));
        }
        let condition = object.get("Condition").and_then(Value::as_str);
        let expression = condition.and_then(jsonata::expression);
        if let Some(tree) = expression.and_then(|(_, text)| jsonata::parse(text).ok()) {
            of_tree(&tree, &mut tests);
        }
    });
    tests.dedup();
    tests
}

fn asked(field: &str, value: &Value) -> Vec<Is> {
    let text = || value.as_str().unwrap_or_default();
    match field {
        "IsPresent" => vec![Is::Absent],
        _ if field.ends_with("Path") => Vec::new(),
        "StringMatches" => vec![Is::Value(text().replace('*', "x").into())],
        "BooleanEquals" => vec![Is::Value(value.clone()), Is::Value((value == false).into())],
        _ if field.starts_with("String") => vec![Is::Value(value.clone())],
        _ if field.starts_with("Timestamp") => {
            vec![Is::Value(value.clone()), Is::Value(BEGIN.into())]
        }
        _ if field.starts_with("Numeric") => around(value),
        _ => Vec::new(),
    }
}

/// A number, one below it and one above.
fn around(value: &Value) -> Vec<Is> {
    let number = value.as_f64().unwrap_or_default();
    let whole = |by: f64| match value.as_i64() {
        Some(_) => json!((number + by) as i64),
        None => json!(number + by),
    };
    [0.0, -1.0, 1.0].map(|by| Is::Value(whole(by))).into()
}

fn of_tree(node: &Node, tests: &mut Vec<(Vec<String>, Is)>) {
    if let Kind::Binary(_, left, right) = &node.kind {
        for (path, constant) in [(left, right), (right, left)] {
            let Some(names) = path_of(path) else { continue };
            let asked = match &constant.kind {
                Kind::String(text) => vec![Is::Value(text.as_str().into())],
                Kind::Number(number) if number.fract() == 0.0 => around(&json!(*number as i64)),
                Kind::Number(number) => around(&json!(number)),
                Kind::Constant(text) if text == "true" || text == "false" => {
                    vec![Is::Value(true.into()), Is::Value(false.into())]
                }
                _ => Vec::new(),
            };
            tests.extend(asked.into_iter().map(|is| (names.clone(), is)));
        }
    }
    if let Kind::Call(function, arguments) = &node.kind
        && matches!(&function.kind, Kind::Variable(name) if name == "exists")
    {
        let paths = arguments.iter().filter_map(path_of);
        tests.extend(paths.map(|names| (names, Is::Absent)));
    }
    node.children()
        .into_iter()
        .for_each(|node| of_tree(node, tests));
}

/// The names of `$states.input.a.b`.
fn path_of(node: &Node) -> Option<Vec<String>> {
    match &node.kind {
        Kind::Variable(name) => Some(names(name)).filter(|_| name != "states"),
        Kind::Path(left, right) => {
            let Kind::Name(name) = &right.kind else {
                return None;
            };
            let mut names = match &left.kind {
                Kind::Variable(_) => Vec::new(),
                _ => path_of(left)?,
            };
            let is_own = ["input", "result", "Payload", "context"].contains(&name.as_str());
            if !is_own {
                names.push(name.clone());
            }
            Some(names)
        }
        _ => None,
    }
}

fn remove(at: &mut Value, names: &[String]) {
    let Some((name, rest)) = names.split_first() else {
        return;
    };
    let Some(fields) = at.as_object_mut() else {
        return;
    };
    match rest {
        [] => drop(fields.remove(name)),
        rest => {
            if let Some(inner) = fields.get_mut(name) {
                remove(inner, rest);
            }
        }
    }
}
