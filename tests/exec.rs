//! Executions recorded on AWS, run again by the engine: status, output, error, cause, the
//! states entered and left, the types of all events, and what was sent to services.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "exec/corpus.rs"]
mod corpus;
#[path = "exec/likeness.rs"]
mod likeness;
#[path = "exec/replay.rs"]
mod replay;
#[path = "exec/report.rs"]
mod report;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use corpus::{Case, Corpus};

/// Cases that cannot be run here, each with the reason: `id TAB reason`.
const OUT_OF_SCOPE: &str = include_str!("exec/out_of_scope.tsv");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match Corpus::find("exec/cases.jsonl") {
        Corpus::Absent(reason) => vec![ignored(&format!("corpus ({reason})"))],
        Corpus::Present(cases) => cases.into_iter().map(trial).collect(),
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(case: Case) -> Trial {
    let reason = OUT_OF_SCOPE
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .find_map(|(id, reason)| (id == case.id()).then_some(reason));
    match reason {
        Some(reason) => ignored(&format!("{} ({reason})", case.id())),
        None => Trial::test(case.id().to_owned(), move || {
            let differences = report::differences(&case);
            match differences.is_empty() {
                true => Ok(()),
                false => Err(differences.join("\n").into()),
            }
        }),
    }
}

fn ignored(name: &str) -> Trial {
    Trial::test(name, || Ok(())).with_ignored_flag(true)
}
