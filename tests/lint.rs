//! The language, from the outside: recorded verdicts, defects of a saga, files and formats.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "lint/bytes.rs"]
mod bytes;
#[path = "lint/cli.rs"]
mod cli;
#[path = "lint/corpus.rs"]
mod corpus;
#[path = "lint/defects.rs"]
mod defects;
#[path = "lint/index.rs"]
mod index;
#[path = "lint/patch.rs"]
mod patch;
#[path = "lint/round_trip.rs"]
mod round_trip;
#[path = "lint/texts.rs"]
mod texts;
#[path = "lint/verdicts.rs"]
mod verdicts;

use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// The result of one trial: why it failed.
type Outcome = Result<(), libtest_mimic::Failed>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let suites = [
        bytes::trials(),
        cli::trials(),
        corpus::trials(),
        defects::trials(),
        index::trials(),
        round_trip::trials(),
        texts::trials(),
        verdicts::trials(),
    ];
    libtest_mimic::run(&arguments, suites.into_iter().flatten().collect()).exit_code()
}

/// The project's root.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file of this suite.
fn data(name: &str) -> PathBuf {
    root().join("tests/lint").join(name)
}

/// The corpus, where it is.
fn corpus_folder() -> Option<PathBuf> {
    let named = std::env::var_os("SAGA_CORPUS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared/corpus"));
    folder.is_dir().then_some(folder)
}

/// A trial that needs the corpus: ignored, with the reason, where it is absent.
fn with_corpus(name: &str, check: fn(PathBuf) -> Outcome) -> Trial {
    match corpus_folder() {
        Some(folder) => Trial::test(name, move || check(folder)),
        None => {
            let reason = "the corpus is absent: set SAGA_CORPUS to its folder";
            Trial::test(format!("{name} ({reason})"), || Ok(())).with_ignored_flag(true)
        }
    }
}

/// Fails with all that is wrong, or not at all.
fn all_good(wrong: &[String]) -> Outcome {
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}
