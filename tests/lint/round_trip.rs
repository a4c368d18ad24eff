//! Definitions through the model: nothing lost, everything in order.

use std::fs;
use std::path::PathBuf;

use libtest_mimic::Trial;
use saga_asl::model::StateMachine;
use saga_asl::syntax::{Format, parse};

use crate::{Outcome, all_good, data, with_corpus};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("round_trip::the order sagas", || {
            let files = ["order/jsonpath.asl.json", "order/jsonata.asl.json"].map(data);
            all_good(&files.iter().filter_map(lost).collect::<Vec<_>>())
        }),
        with_corpus("round_trip::every valid definition of the corpus", corpus),
    ]
}

fn corpus(folder: PathBuf) -> Outcome {
    let files = fs::read_dir(folder.join("lint/valid")).expect("the valid definitions");
    let files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    assert!(files.len() > 400, "only {} definitions", files.len());
    all_good(&files.iter().filter_map(lost).collect::<Vec<_>>())
}

/// What a definition loses on its way through the model.
fn lost(file: &PathBuf) -> Option<String> {
    let text = fs::read_to_string(file).expect("a definition");
    let value = parse(&text, Format::Json).root.to_value();
    let name = file.display();
    match StateMachine::from_value(&value) {
        Err(errors) => Some(format!("{name}: {errors:?}")),
        Ok(machine) if machine.to_pretty() != value.to_pretty() => Some(format!(
            "{name}:\n{}\n{}",
            value.to_pretty(),
            machine.to_pretty()
        )),
        Ok(_) => None,
    }
}
