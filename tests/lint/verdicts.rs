//! Definitions that the specification allows or forbids, a line each: every field, every state type,
//! both query languages. None that is allowed has an error, and each that is forbidden has one.

use std::fs;

use libtest_mimic::Trial;
use saga_asl::lint::{Severity, check};
use serde_json::Value;

use crate::{Outcome, all_good, data};

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("verdicts::allowed and forbidden", all)]
}

fn all() -> Outcome {
    let text = fs::read_to_string(data("verdicts.jsonl"))?;
    let mut wrong = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line)?;
        let found = check(&case["definition"].to_string());
        let mut errors = found
            .iter()
            .filter(|found| found.severity == Severity::Error);
        match (errors.next(), case["accepted"] == true) {
            (Some(error), true) => wrong.push(format!("{}: {error}", case["name"])),
            (None, false) => wrong.push(format!("{}: nothing is found", case["name"])),
            _ => {}
        }
    }
    all_good(&wrong)
}
