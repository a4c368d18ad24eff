//! Texts of all kinds: a file a case in `texts/`, and in `texts.json` what is found in it.

use std::fs;

use libtest_mimic::Trial;
use saga_asl::lint::{Options, check_with};
use saga_asl::syntax::Format;
use serde_json::Value;

use crate::{Outcome, all_good, data};

pub fn trials() -> Vec<Trial> {
    let table = fs::read_to_string(data("texts.json")).expect("the table of texts");
    let table: Vec<Value> = serde_json::from_str(&table).expect("a list");
    let trial = |case: Value| {
        let name = format!("texts::{}", case["file"].as_str().expect("a file"));
        Trial::test(name, move || check(&case))
    };
    table.into_iter().map(trial).collect()
}

/// Compares code, pointer and the underlined text of every finding.
fn check(case: &Value) -> Outcome {
    let file = case["file"].as_str().expect("a file");
    let text = fs::read_to_string(data("texts").join(file))?;
    let format = if file.ends_with(".json") {
        Format::Json
    } else {
        Format::Yaml
    };
    let found = check_with(
        &text,
        Options {
            format: Some(format),
            ..Options::default()
        },
    )
    .diagnostics;
    let found = found.iter().map(|diagnostic| {
        let underlined = diagnostic.span.text(&text);
        format!("{} {} {underlined}", diagnostic.code, diagnostic.pointer)
    });
    let found: Vec<_> = found.collect();
    let expected: Vec<_> = case["found"].as_array().expect("a list").iter().collect();
    if expected.iter().all(|line| line.is_string()) && expected == found.iter().collect::<Vec<_>>()
    {
        return Ok(());
    }
    all_good(&[
        format!("expected {expected:#?}"),
        format!("found {found:#?}"),
    ])
}
