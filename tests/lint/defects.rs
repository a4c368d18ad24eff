//! Sagas of several shapes in both query languages: sound they have no finding, and every kind of
//! defect that is patched into them is found by the rule that names it; sound variants stay silent.
//! The order saga goes through all of it once more under other names each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use saga_asl::lint::{Severity, check};
use serde_json::Value;

use crate::{Outcome, all_good, data, patch};

const LANGUAGES: [&str; 2] = ["jsonpath", "jsonata"];

pub fn trials() -> Vec<Trial> {
    let mut trials = of_saga("order", &data("order"), &BTreeMap::new());
    let names: BTreeMap<String, Names> = read(&data("order/names.json"));
    for (scheme, names) in &names {
        trials.extend(of_saga(
            &format!("order as {scheme}"),
            &data("order"),
            names,
        ));
    }
    let shapes = fs::read_dir(data("sagas")).expect("the sagas");
    let mut shapes: Vec<PathBuf> = shapes.map(|shape| shape.expect("a saga").path()).collect();
    shapes.sort();
    for shape in shapes {
        let name = shape.file_name().expect("a name").to_string_lossy();
        trials.extend(of_saga(&name, &shape, &BTreeMap::new()));
    }
    trials
}

/// Other texts for those of a saga.
type Names = BTreeMap<String, String>;

fn read<T: serde::de::DeserializeOwned>(file: &Path) -> T {
    let text = fs::read_to_string(file).expect("a file of this suite");
    serde_json::from_str(&text).expect("JSON of its kind")
}

/// The saga itself, and each of its variants.
fn of_saga(name: &str, folder: &Path, names: &Names) -> Vec<Trial> {
    let table: Vec<Value> = read(&folder.join("defects.json"));
    let mut trials = Vec::new();
    for language in LANGUAGES {
        let saga: Value = read(&folder.join(format!("{language}.asl.json")));
        let sound = renamed(&saga, names);
        let title = format!("defects::{name}::{language}::none");
        trials.push(Trial::test(title, move || is_sound(&sound)));
        for variant in table
            .iter()
            .filter(|variant| variant.get(language).is_some())
        {
            let patched = patch::apply(saga.clone(), &variant[language]);
            let patched = renamed(&patched, names);
            let rule = variant["rule"].as_str().map(str::to_owned);
            let title = variant.get("defect").or(variant.get("sound"));
            let title = title.and_then(Value::as_str).expect("a title");
            let title = format!("defects::{name}::{language}::{title}");
            trials.push(Trial::test(title, move || match &rule {
                Some(rule) => is_found(&patched, rule),
                None => is_sound(&patched),
            }));
        }
    }
    trials
}

/// Puts other texts into the place of those of a definition; of several that fit, the longest.
fn renamed(definition: &Value, names: &Names) -> Value {
    let text = definition.to_string();
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(next) = rest.chars().next() {
        let fitting = names
            .iter()
            .filter(|(from, _)| rest.starts_with(from.as_str()));
        let (from, to) = match fitting.max_by_key(|(from, _)| from.len()) {
            Some((from, to)) => (from.len(), to.clone()),
            None => (next.len_utf8(), next.to_string()),
        };
        renamed += &to;
        rest = &rest[from..];
    }
    serde_json::from_str(&renamed).expect("JSON still")
}

/// Neither error nor warning: notes are on cost and habit.
fn is_sound(definition: &Value) -> Outcome {
    let found = check(&definition.to_string());
    let found = found.iter().filter(|found| found.severity > Severity::Note);
    all_good(&found.map(ToString::to_string).collect::<Vec<_>>())
}

fn is_found(definition: &Value, rule: &str) -> Outcome {
    let found = check(&definition.to_string());
    if found.iter().any(|diagnostic| diagnostic.code == rule) {
        return Ok(());
    }
    let others: Vec<_> = found.iter().map(ToString::to_string).collect();
    Err(format!("{rule} says nothing; found:\n{}", others.join("\n")).into())
}
