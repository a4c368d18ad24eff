//! Every code block of the README is executed: the shell's here, Rust's as a doctest of `saga-lambda`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use pretty_assertions::assert_eq;
use tempfile::TempDir;

use super::command::root;
use super::markdown::blocks_of;
use super::outer::outside;

/// How a line of a shell block is executed.
enum Execution {
    /// Here, in a shell at the workspace's root.
    Here,
    /// By this suite, in this file, which runs the same command against the emulator.
    By(&'static str, &'static str),
}

fn executions() -> BTreeMap<&'static str, Execution> {
    use Execution::{By, Here};
    BTreeMap::from([
        (
            "cargo run -p saga-cli -- generate -p fare-processing > template.yaml",
            Here,
        ),
        ("saga-cli generate -p fare-processing --out deploy", Here),
        (
            "cargo run -p saga-cli -- run -p fare-processing --input examples/fare-processing/events/completed.json",
            Here,
        ),
        ("saga-cli graph -p fare-processing > saga.svg", Here),
        ("saga-cli verify -p fare-processing", Here),
        ("saga-cli validate examples/fare-processing/expected", Here),
        ("saga-cli explain ASL306", Here),
        (
            "cargo test --workspace",
            By(".ci/run", "cargo test --workspace"),
        ),
        (
            "sam build --template template.yaml",
            By("tests/tools/subject.rs", "\"build\""),
        ),
        (
            "sam deploy --guided",
            By("tests/tools/stack.rs", "\"deploy\""),
        ),
    ])
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn every_shell_command_is_executed() {
    let executions = executions();
    let blocks = blocks_of("sh", &readme()).concat();
    assert_eq!(
        blocks.lines().count(),
        executions.len(),
        "a command that is not in the README any more"
    );
    for line in blocks.lines() {
        match executions.get(line) {
            Some(Execution::Here) => run(line),
            Some(Execution::By(file, command)) => {
                let text = fs::read_to_string(root().join(file)).unwrap();
                assert!(text.contains(command), "{file} does not run `{line}`");
            }
            None => panic!("nothing executes `{line}`"),
        }
    }
}

/// Runs a line as it stands, but that what it writes goes to a folder of its own. `cargo run -p` builds the
/// command line with other features of its dependencies than this suite was built with: the bytes must be
/// the same.
#[track_caller]
fn run(line: &str) {
    let out = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let line = line
        .replace("> ", &format!("> {}/", out.path().display()))
        .replace("--out deploy", &format!("--out {}", out.path().display()));
    let line = match line.strip_prefix("saga-cli ") {
        Some(arguments) => format!("{} {arguments}", env!("CARGO_BIN_EXE_saga-cli")),
        None => line,
    };
    let output = outside(&mut Command::new("sh"))
        .args(["-c", &line])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{line}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    if line.contains(" generate ") {
        check_template(&out.path().join("template.yaml"), line.starts_with("cargo"));
    }
}

/// A template was written: the one that is kept, where its definition is in it.
#[track_caller]
fn check_template(path: &Path, inline: bool) {
    let template = fs::read_to_string(path).unwrap();
    assert!(
        template.starts_with("AWSTemplateFormatVersion"),
        "{template}"
    );
    if inline {
        let expected = root().join("examples/fare-processing/expected/template.yaml");
        assert_eq!(template, fs::read_to_string(expected).unwrap());
    }
}

#[test]
fn no_block_is_of_a_language_that_nothing_executes() {
    let text = readme();
    let fences: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("```"))
        .collect();
    for language in fences.iter().step_by(2) {
        assert!(["sh", "rust"].contains(language), "`{language}`");
    }
}
