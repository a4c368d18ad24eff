//! One order saga in both query languages: sound it has no finding, and every kind of defect that
//! is patched into it is found by the rule that names it.

use std::fs;

use libtest_mimic::Trial;
use saga_asl::lint::check;
use serde_json::Value;

use crate::{Outcome, all_good, data, patch};

const LANGUAGES: [&str; 2] = ["jsonpath", "jsonata"];

pub fn trials() -> Vec<Trial> {
    let table = fs::read_to_string(data("order/defects.json")).expect("the table of defects");
    let table: Vec<Value> = serde_json::from_str(&table).expect("a list");
    let mut trials = Vec::new();
    for language in LANGUAGES {
        let sound = saga(language);
        let definition = sound.clone();
        trials.push(Trial::test(
            format!("defects::{language}::none"),
            move || is_sound(&definition),
        ));
        for defect in table.iter().filter(|defect| defect.get(language).is_some()) {
            let name = defect["defect"].as_str().expect("a name");
            let rule = defect["rule"].as_str().expect("a code").to_owned();
            let patched = patch::apply(sound.clone(), &defect[language]);
            let trial = move || is_found(&patched, &rule);
            trials.push(Trial::test(format!("defects::{language}::{name}"), trial));
        }
    }
    trials
}

fn saga(language: &str) -> Value {
    let text = fs::read_to_string(data(&format!("order/{language}.asl.json"))).expect("the saga");
    serde_json::from_str(&text).expect("JSON")
}

fn is_sound(definition: &Value) -> Outcome {
    let found: Vec<_> = check(&definition.to_string())
        .iter()
        .map(ToString::to_string)
        .collect();
    all_good(&found)
}

fn is_found(definition: &Value, rule: &str) -> Outcome {
    let found = check(&definition.to_string());
    if found.iter().any(|diagnostic| diagnostic.code == rule) {
        return Ok(());
    }
    let others: Vec<_> = found.iter().map(ToString::to_string).collect();
    Err(format!("{rule} says nothing; found:\n{}", others.join("\n")).into())
}
