//! `saga-cli run --definition`: what a user types, and what comes back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// Definitions, inputs and mocks.
fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/exec/command"
    ))
}

/// Runs a command line in the folder: exit code, stdout, stderr.
fn run(arguments: &str) -> (i32, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_saga-cli"))
        .arg("run")
        .args(arguments.split_whitespace())
        .current_dir(folder())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        ran.status.code().unwrap(),
        text(ran.stdout),
        text(ran.stderr),
    )
}

fn check(arguments: &str, exit: i32, stdout: &str) {
    let (code, out, err) = run(arguments);
    assert_eq!((code, out.trim_end()), (exit, stdout), "{arguments}\n{err}");
}

#[test]
fn json_is_one_object_on_stdout() {
    for (arguments, exit, stdout) in [
        (
            "--definition order.asl.json --mock mocks.json#Happy --json",
            0,
            r#"{"status":"SUCCEEDED","output":{"id":1}}"#,
        ),
        (
            "--definition order.asl.json --mock mocks.json#Busy --json",
            0,
            r#"{"status":"SUCCEEDED","output":{"id":2}}"#,
        ),
        (
            "--definition order.asl.json --mock mocks.json#Refused --json",
            1,
            r#"{"status":"FAILED","error":"Undone","cause":"no funds"}"#,
        ),
        (
            "--definition count.asl.yaml --input three.json --type express --json",
            0,
            r#"{"status":"SUCCEEDED","output":{"n":0}}"#,
        ),
        (
            "--definition each.asl.json --bucket data=. --json",
            0,
            r#"{"status":"SUCCEEDED","output":["a","b"]}"#,
        ),
    ] {
        check(arguments, exit, stdout);
    }
}

#[test]
fn a_wrong_command_line_exits_with_2_and_says_why() {
    for (arguments, told) in [
        (
            "--definition missing.json --json",
            "cannot read `missing.json`",
        ),
        (
            "--definition order.asl.json --input mocks.jso",
            "cannot read `mocks.jso`",
        ),
        (
            "--definition order.asl.json --mock mocks.json",
            "there are `Busy`, `Happy`, `Refused`",
        ),
        (
            "--definition order.asl.json --mock mocks.json#Sad",
            "none is called `Sad`",
        ),
        ("--definition order.asl.json --type fast", "invalid value"),
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, &*out), (2, ""), "{arguments}");
        assert!(err.contains(told), "{arguments}\n{err}");
    }
}

#[test]
fn an_input_is_as_large_as_an_execution_takes_it() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for (bytes, code) in [(262_144, 0), (262_145, 2)] {
        std::fs::write(&file, format!("\"{}\"", "x".repeat(bytes - 2))).unwrap();
        let path = file.path().display();
        let arguments =
            format!("--definition short.asl.json --mock mocks.json#Short --input {path}");
        let (ended, _, err) = run(&arguments);
        assert_eq!(ended, code, "{err}");
        let told = err.contains("has 262145 bytes; at most 262144 start an execution");
        assert_eq!(told, code == 2, "{err}");
    }
}

#[test]
fn a_task_that_nothing_answers_is_said() {
    let (code, _, err) = run("--definition order.asl.json --json");
    assert_eq!(code, 1);
    assert!(err.contains("nothing answers state `Charge`"), "{err}");
}

#[test]
fn a_terminal_shows_states_as_they_start_retry_and_fail() {
    let (_, out, _) = run("--definition order.asl.json --mock mocks.json#Busy");
    let lines: Vec<String> = out
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in [
        "0.000 s Charge started",
        "0.000 s Charge failed: Busy: try again",
        "1.000 s Charge tried again",
        "3603.000 s Wait done",
        "succeeded after 3 transitions",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line}\n{out}");
    }
}

/// The events of a run without their times.
fn events(arguments: &str) -> Value {
    let (_, out, err) = run(arguments);
    let mut shown: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    for event in shown["events"].as_array_mut().unwrap() {
        event.as_object_mut().unwrap().remove("timestamp");
    }
    shown
}

#[test]
fn real_and_virtual_time_give_the_same_history() {
    let arguments = "--definition short.asl.json --mock mocks.json#Short --history";
    assert_eq!(
        events(arguments),
        events(&format!("{arguments} --real-time"))
    );
}
