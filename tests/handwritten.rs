//! The public hand-written sagas beside what is generated for the same system: what each takes on every way, and
//! what is found in it. The table is kept (`UPDATE_EXPECT=1` rewrites it) and stands in the README.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "handwritten/side.rs"]
mod side;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use serde_json::Value;

use side::Side;

/// The systems, a file each.
const SYSTEMS: [&str; 2] = ["fare_processing", "order_processing"];

/// A system that was written by hand, and as a saga.
#[derive(Deserialize)]
struct System {
    system: String,
    /// The definition, in the corpus.
    handwritten: String,
    /// The package of the generated one.
    example: String,
    saga: String,
    input: Value,
    /// What each task answers where it does not fail.
    answer: Value,
    /// What the hand-written tasks are for.
    annotations: Value,
    ways: Vec<Way>,
}

/// Something that may happen: the tasks that fail, on every attempt, on each side.
#[derive(Deserialize)]
struct Way {
    name: String,
    handwritten: BTreeMap<String, String>,
    generated: BTreeMap<String, String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = SYSTEMS.map(|name| match corpus() {
        Some(corpus) => Trial::test(name, move || check(name, &corpus)),
        None => {
            let reason = format!("{name} (the corpus is absent: set SAGA_CORPUS to its folder)");
            Trial::test(reason, || Ok(())).with_ignored_flag(true)
        }
    });
    libtest_mimic::run(&arguments, trials.into()).exit_code()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("SAGA_CORPUS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared/corpus"));
    folder.is_dir().then(|| folder.join("sagas"))
}

fn check(name: &str, corpus: &Path) -> Result<(), Failed> {
    let folder = root().join("tests/handwritten");
    let text = fs::read_to_string(folder.join(format!("{name}.yaml")))?;
    let system: System = serde_yaml::from_str(&text)?;
    let table = table(&system, corpus);
    let kept = folder.join(format!("{name}.md"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&kept, &table)?;
    }
    pretty_assertions::assert_eq!(fs::read_to_string(&kept).unwrap_or_default(), table);
    let readme = fs::read_to_string(root().join("README.md"))?;
    assert!(
        readme.contains(&table),
        "the README has not the table of {}",
        kept.display()
    );
    Ok(())
}

fn table(system: &System, corpus: &Path) -> String {
    let example = root().join("examples").join(&system.example);
    let ours = example.join(format!("expected/{}.asl.json", system.saga));
    let theirs = Side::new(&corpus.join(&system.handwritten), system);
    let ours = Side::new(&ours, system);
    let mut table = format!(
        "| {} | hand-written | generated |\n|---|---|---|\n",
        system.system
    );
    let mut row = |what: &str, theirs: String, ours: String| {
        writeln!(table, "| {what} | {theirs} | {ours} |").unwrap();
    };
    let written = fs::read_to_string(example.join("src/saga.rs")).unwrap();
    let written = format!("{} of Rust", written.lines().count());
    row(
        "lines of the definition that somebody writes",
        theirs.lines(),
        written,
    );
    for way in &system.ways {
        let (theirs, ours) = (theirs.run(&way.handwritten), ours.run(&way.generated));
        row(&format!("transitions where {}", way.name), theirs, ours);
    }
    row("findings of `validate`", theirs.findings(), ours.findings());
    row(
        "`verify`",
        theirs.verdict(&[
            "--annotations".into(),
            theirs.keep("annotations.json", &system.annotations),
        ]),
        ours.verdict(&[
            "-p".into(),
            system.example.clone().into(),
            "--saga".into(),
            system.saga.clone().into(),
        ]),
    );
    table
}
