//! Verdicts recorded from AWS, and those of other tools' own tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use saga_asl::lint::{Diagnostic, Options, Severity, check_with};
use saga_asl::model::ExecutionType;
use serde_json::Value;

use crate::{Outcome, all_good, data, with_corpus};

pub fn trials() -> Vec<Trial> {
    vec![
        with_corpus("corpus::lint agrees but for the listed cases", lint),
        with_corpus("corpus::verdicts of AWS are all matched", verdicts),
        with_corpus(
            "corpus::the public sagas have the defects that they have",
            sagas,
        ),
    ]
}

/// Cases in which other tools' tests and we disagree, and why: file name to reason.
fn disagreements() -> BTreeMap<String, String> {
    let text = fs::read_to_string(data("disagreements.json")).expect("the table of disagreements");
    serde_json::from_str(&text).expect("file names and reasons")
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a file of cases");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a case"))
        .collect()
}

fn errors(text: &str, execution_type: &Value) -> Vec<Diagnostic> {
    let express = execution_type == "EXPRESS";
    let execution_type = Some(if express {
        ExecutionType::Express
    } else {
        ExecutionType::Standard
    });
    let report = check_with(
        text,
        Options {
            format: None,
            execution_type,
            ..Options::default()
        },
    );
    let errors = report.diagnostics.into_iter();
    errors
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .collect()
}

fn lint(corpus: PathBuf) -> Outcome {
    let listed = disagreements();
    let mut wrong = Vec::new();
    for case in lines(&corpus.join("lint/index.jsonl")) {
        let file = case["file"].as_str().expect("a file");
        let name = file.rsplit('/').next().expect("a name");
        if case["expected"] == "unknown" || case["disputed"] == true {
            continue;
        }
        let text = fs::read_to_string(corpus.join("lint").join(file)).expect("a definition");
        let found = errors(&text, &case["type"]);
        let agrees = found.is_empty() == (case["expected"] == "valid");
        let from_aws = case["evidence"]
            .as_str()
            .is_some_and(|evidence| evidence.starts_with("aws"));
        match listed.get(name) {
            Some(_) if from_aws => {
                wrong.push(format!("{name}: AWS's own verdicts are not to be disputed"))
            }
            Some(_) if agrees => {
                wrong.push(format!("{name} is listed as a disagreement and is none"))
            }
            None if !agrees => wrong.push(format!("{name} is {}: {found:?}", case["expected"])),
            _ => {}
        }
    }
    all_good(&wrong)
}

fn verdicts(corpus: PathBuf) -> Outcome {
    let mut wrong = Vec::new();
    for case in lines(&corpus.join("verdicts/cases.jsonl")) {
        let text = case["definition"]
            .as_str()
            .map_or_else(|| case["definition"].to_string(), str::to_owned);
        let found = errors(&text, &case["type"]);
        let expected = &case["expect"]["result"];
        // Some calls were refused for what is not in the definition.
        if expected != "OTHER" && (expected == "OK") != found.is_empty() {
            wrong.push(format!("{}: {expected}, found {found:?}", case["id"]));
        }
    }
    all_good(&wrong)
}

/// What the design says is wrong with the public hand-written sagas.
fn sagas(corpus: PathBuf) -> Outcome {
    let expected = [
        // Retriers without the prefix, a charge that times out, an undo without retry, no catch behind it.
        (
            "wild-rydes-2020-06-16-b2c7d8c.asl.json",
            &["ASL301", "ASL304", "ASL306", "ASL309"][..],
        ),
        // A timeout of the whole machine, and what is not caught.
        (
            "llt-go-2021-07-04-5711912.asl.json",
            &["ASL301", "ASL306", "ASL308"],
        ),
    ];
    let mut wrong = Vec::new();
    for (file, codes) in expected {
        let text = fs::read_to_string(corpus.join("sagas").join(file)).expect("a saga");
        let found = check_with(&text, Options::default()).diagnostics;
        let missing = codes
            .iter()
            .filter(|code| found.iter().all(|found| found.code != **code));
        wrong.extend(missing.map(|code| format!("{file}: {code} finds nothing")));
    }
    all_good(&wrong)
}
