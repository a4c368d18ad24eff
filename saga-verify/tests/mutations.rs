//! Each mutation of a compiled definition is found, with the smallest counterexample.

use std::path::PathBuf;

use pretty_assertions::assert_eq;
use saga_asl::json;
use saga_asl::model::StateMachine;
use saga_verify::Verdict;
use serde::Deserialize;
use serde_json::Value;

use crate::fixture::{Compiled, named};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutation {
    name: String,
    saga: String,
    edits: Vec<Edit>,
    guarantee: u8,
    faults: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    at: String,
    #[serde(default)]
    set: Option<Value>,
    #[serde(default)]
    remove: bool,
}

fn mutations() -> Vec<Mutation> {
    serde_yaml::from_str(include_str!("mutations.yaml")).unwrap()
}

/// The definition with its edits.
fn mutated(compiled: &Compiled, mutation: &Mutation) -> StateMachine {
    let mut value: Value = (&compiled.definition.to_value()).into();
    for edit in &mutation.edits {
        let (parent, key) = edit.at.rsplit_once('/').unwrap();
        let gone = || panic!("{}: nothing is at `{}`", mutation.name, edit.at);
        if edit.set.is_none() || !parent.is_empty() {
            assert!(
                value.pointer(parent).is_some(),
                "{}: nothing is at `{parent}`",
                mutation.name
            );
        }
        match value.pointer_mut(parent).unwrap_or_else(gone) {
            Value::Object(fields) if edit.remove => {
                fields
                    .remove(key)
                    .unwrap_or_else(|| panic!("{}: no `{}`", mutation.name, edit.at));
            }
            Value::Object(fields) => {
                fields.insert(key.to_owned(), edit.set.clone().unwrap());
            }
            Value::Array(items) if edit.remove => {
                items.remove(key.parse().unwrap());
            }
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = edit.set.clone().unwrap(),
            other => panic!("{}: `{}` is in {other}", mutation.name, edit.at),
        }
    }
    StateMachine::from_value(&json::Value::from(value)).unwrap()
}

#[test]
fn every_mutation_is_found_with_the_smallest_counterexample() {
    let mut wrong = Vec::new();
    for mutation in mutations() {
        let compiled = named(&mutation.saga);
        let definition = mutated(&compiled, &mutation);
        let verdict = compiled.with(definition).verify(2);
        let name = &mutation.name;
        let Verdict::Broken(counterexample) = &verdict else {
            wrong.push(format!("{name}: is not found"));
            continue;
        };
        let found = (
            counterexample.violation.guarantee.number(),
            counterexample.faults(),
        );
        if found != (mutation.guarantee, mutation.faults) {
            wrong.push(format!(
                "{name}: ({}, {}) expected, {found:?} found\n{verdict}",
                mutation.guarantee, mutation.faults
            ));
            continue;
        }
        kept(name, &verdict.to_string());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compares a counterexample with the one that is kept.
#[track_caller]
fn kept(name: &str, text: &str) {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/mutations/{name}.txt"));
    #[expect(clippy::disallowed_methods, reason = "a test may read its goldens")]
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    #[expect(clippy::disallowed_methods, reason = "a test may read its goldens")]
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, text, "stale: UPDATE_EXPECT=1 rewrites {name}.txt");
}

#[test]
fn the_sagas_hold_as_they_are() {
    for saga in [
        "fare",
        "sealed",
        "parallel",
        "map",
        "branches",
        "items",
        "ways",
        "tries",
        "nested",
        "rooms",
        "asks",
        "locked",
        "versioned",
        "reread",
        "refuses",
    ] {
        let verdict = named(saga).verify(2);
        assert!(matches!(verdict, Verdict::Holds(_)), "{saga}: {verdict}");
    }
}

#[test]
fn names_of_mutations_are_their_own() {
    let mut names: Vec<String> = mutations()
        .into_iter()
        .map(|mutation| mutation.name)
        .collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(all >= 22, "{all} mutations");
}
