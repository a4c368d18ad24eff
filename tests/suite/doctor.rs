//! `saga-cli doctor`: on machines that have some of the programs, which are scripts here.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use pretty_assertions::assert_eq;
use serde_json::Value;
use tempfile::TempDir;

use super::command::Saga;

/// What each program says of its version on a machine that has all of them.
const ALL: [(&str, &str); 8] = [
    ("cargo", "echo cargo 1.95.0"),
    ("rustc", "echo 'rustc 1.95.0 (abc 2026-01-01)'"),
    ("cargo-lambda", "echo cargo-lambda 1.8.6"),
    ("sam", "echo SAM CLI, version 1.140.0"),
    ("aws", "echo aws-cli/2.15.0 Python/3.11.6"),
    ("python3", "echo Python 3.11.6"),
    ("node", "echo v22.1.0"),
    ("docker", "echo Docker version 27.1.1, build 6312585"),
];

/// A machine with these programs, and nothing else.
fn machine(programs: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, script) in programs {
        let path = folder.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn doctor(machine: &TempDir, arguments: &str) -> Command {
    let mut command = Saga::new(&format!("doctor {arguments}")).command();
    command
        .env_clear()
        .env("PATH", machine.path())
        .env("HOME", machine.path());
    command
}

/// The exit code, and what was printed, with one blank for any number.
#[track_caller]
fn check(programs: &[(&str, &str)], arguments: &str, code: i32, said: &[&str], unsaid: &[&str]) {
    let ran = doctor(&machine(programs), arguments).output().unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(ran.status.code(), Some(code), "{text}");
    for part in said {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
    for part in unsaid {
        assert!(!text.contains(part), "`{part}` in: {text}");
    }
}

/// All programs but these; and these ones instead.
fn but(
    without: &[&str],
    instead: &[(&'static str, &'static str)],
) -> Vec<(&'static str, &'static str)> {
    let replaced = |name: &str| instead.iter().any(|(other, _)| *other == name);
    let kept = ALL
        .iter()
        .filter(|(name, _)| !without.contains(name) && !replaced(name));
    kept.chain(instead).copied().collect()
}

#[test]
fn a_machine_that_has_everything_lacks_nothing() {
    let has = [
        "✓ generate has what it needs",
        "✓ deploy has what it needs",
        "✓ cargo 1.95.0, rustc 1.95.0, cargo-lambda 1.8.6, sam 1.140.0, aws 2.15.0, python3 3.11.6, node 22.1.0",
    ];
    check(&ALL, "", 0, &has, &["✗", "missing"]);
}

#[test]
fn a_machine_that_has_nothing_lacks_what_is_needed_and_says_how_to_get_it() {
    let lacks = [
        "✗ generate lacks cargo, rustc",
        "✗ operate lacks aws",
        "✗ deploy lacks cargo, rustc, cargo-lambda, sam",
        "✗ cargo is missing install Rust: https://rustup.rs",
        "✗ sam is missing `pip install aws-sam-cli`",
        "· docker is missing, which is optional: `sam local`",
    ];
    check(&[], "", 1, &lacks, &["has what it needs", "✓"]);
}

#[test]
fn only_what_is_asked_for_counts() {
    let cargo = &ALL[..2];
    check(
        cargo,
        "run verify",
        0,
        &["✓ run has", "✓ verify has"],
        &["lacks", "cargo-lambda", "operate"],
    );
    check(
        cargo,
        "deploy",
        1,
        &["✗ deploy lacks cargo-lambda, sam"],
        &["generate"],
    );
    check(
        &but(&["docker", "node", "python3"], &[]),
        "",
        0,
        &["· docker is missing"],
        &["✗"],
    );
}

#[test]
fn a_program_that_is_there_may_not_do() {
    let old = but(&[], &[("rustc", "echo rustc 1.94.0")]);
    let said = [
        "✗ run lacks rustc",
        "✗ rustc is 1.94.0, and has to be 1.95 or later `rustup update stable`",
    ];
    check(&old, "", 1, &said, &["rustc is missing"]);
    let broken = but(
        &[],
        &[("cargo", "echo 'error: no default toolchain' >&2; exit 1")],
    );
    check(
        &broken,
        "",
        1,
        &["✗ cargo does not run: error: no default toolchain"],
        &[],
    );
    let silent = but(&[], &[("sam", "true")]);
    check(
        &silent,
        "",
        1,
        &["✗ sam does not run: it says no version, but ``"],
        &[],
    );
}

#[test]
fn credentials_are_named_only_where_there_are_none() {
    let machine = machine(&ALL);
    let said = |variable: Option<(&str, &str)>| {
        let ran = doctor(&machine, "").envs(variable).output().unwrap();
        assert_eq!(ran.status.code(), Some(0));
        String::from_utf8(ran.stdout)
            .unwrap()
            .contains("credentials of AWS are not there")
    };
    assert!(said(None));
    assert!(!said(Some(("AWS_PROFILE", "dev"))));
    fs::create_dir(machine.path().join(".aws")).unwrap();
    fs::write(machine.path().join(".aws/config"), "").unwrap();
    assert!(!said(None));
}

#[test]
fn machines_read_one_object() {
    let some = but(&["sam", "docker"], &[("rustc", "echo rustc 1.80.1")]);
    let ran = doctor(&machine(&some), "deploy --format json")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["ready"], false);
    assert_eq!(
        report["tasks"],
        serde_json::json!([{ "task": "deploy", "lacks": ["rustc", "sam"] }])
    );
    let tool = |name: &str| {
        let tools = report["tools"].as_array().unwrap();
        tools.iter().find(|tool| tool["tool"] == name).unwrap()
    };
    assert_eq!(
        (&tool("cargo")["version"], &tool("cargo")["problem"]),
        (&"1.95.0".into(), &Value::Null)
    );
    assert_eq!(tool("rustc")["version"], "1.80.1");
    assert_eq!(
        (&tool("sam")["problem"], &tool("sam")["needed"]),
        (&"is missing".into(), &true.into())
    );
    assert_eq!(tool("docker")["needed"], false);
    assert!(
        tool("credentials")["help"]
            .as_str()
            .unwrap()
            .contains("AWS_PROFILE")
    );
}

#[test]
fn a_wrong_command_line_is_no_diagnosis() {
    Saga::new("doctor cure")
        .run()
        .failure(2, &["cure", "generate"]);
}
