//! The official JSONata suite, as far as Step Functions has the language: every case gives its
//! value, is undefined, or fails with its code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "exec/corpus.rs"]
#[allow(dead_code, reason = "shared by suites that each use a part")]
mod corpus;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use saga_asl::data::{Data, Object};
use saga_engine::query::{Jsonata, Scope, Unevaluated};
use saga_engine::random::Seeded;
use saga_engine::time::Timestamp;
use serde_json::Value;

use corpus::{Case, Corpus};

/// Cases that are not counted, each with the reason: `id TAB reason`.
const OUT_OF_SCOPE: &str = include_str!("jsonata/out_of_scope.tsv");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match Corpus::find("jsonata/cases.jsonl") {
        Corpus::Absent(reason) => vec![ignored(&format!("corpus ({reason})"))],
        Corpus::Present(cases) => cases.into_iter().map(trial).collect(),
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(case: Case) -> Trial {
    match reason(&case) {
        Some(reason) => ignored(&format!("{} ({reason})", case.id())),
        None => Trial::test(case.id().to_owned(), move || check(&case)),
    }
}

/// Why a case is not counted, if it is not. A listed id that ends in `*` stands for its group.
fn reason(case: &Case) -> Option<String> {
    if let Some(error) = case.get("unreadable").as_str() {
        return Some(format!("half of a surrogate pair is no text here: {error}"));
    }
    if case.get("sfn_unsupported") == true {
        return Some("Step Functions leaves it out".to_owned());
    }
    let mut listed = OUT_OF_SCOPE
        .lines()
        .filter_map(|line| line.split_once('\t'));
    let found = listed.find(|(id, _)| match id.strip_suffix('*') {
        Some(group) => case.id().starts_with(group),
        None => *id == case.id(),
    });
    found.map(|(_, reason)| reason.to_owned())
}

fn ignored(name: &str) -> Trial {
    Trial::test(name, || Ok(())).with_ignored_flag(true)
}

fn check(case: &Case) -> Result<(), libtest_mimic::Failed> {
    let source = case.get("expr").as_str().unwrap_or_default();
    let found = evaluate(source, case);
    let alike = match (case.0.get("result"), case.0.get("code")) {
        (Some(expected), _) => matches!(&found, Ok(Some(value)) if same(expected, value)),
        (None, Some(code)) => {
            let code = code.as_str().unwrap_or_default();
            matches!(&found, Err(message) if message.starts_with(code))
        }
        (None, None) if case.get("kind") == "error" => found.is_err(),
        (None, None) => found == Ok(None),
    };
    let wanted = [case.get("result"), case.get("code")];
    match alike {
        true => Ok(()),
        false => Err(format!("{source}\n  expected {wanted:?}\n  found {found:?}").into()),
    }
}

fn evaluate(source: &str, case: &Case) -> Result<Option<Data>, String> {
    let expression = Jsonata::compile(source)?;
    let bindings = data(case.get("bindings"));
    let (input, none) = (Data::empty_object(), Object::new());
    let scope = Scope {
        input: &input,
        result: None,
        error: None,
        variables: bindings.as_object().unwrap_or(&none),
        context: &|| Data::Null,
        now: Timestamp(1_765_432_100_000),
    };
    let root = case.0.get("data").map(data);
    match expression.evaluate(root.as_ref(), &scope, &mut Seeded::new(1)) {
        Ok(value) => Ok(Some(value)),
        Err(Unevaluated::Nothing) => Ok(None),
        Err(reason) => Err(reason.to_string()),
    }
}

fn data(value: &Value) -> Data {
    serde_json::from_value(value.clone()).expect("JSON is data")
}

/// Equal but for the last digits of doubles, which the suite rounds.
fn same(expected: &Value, found: &Data) -> bool {
    match (expected, found) {
        (Value::Number(a), Data::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
            _ => false,
        },
        (Value::Array(a), Data::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Data::Object(b)) => {
            let alike =
                |(key, value): (&String, &Value)| b.get(key).is_some_and(|b| same(value, b));
            a.len() == b.len() && a.iter().all(alike)
        }
        _ => data(expected) == *found,
    }
}
