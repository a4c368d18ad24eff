//! `saga-cli approve`: what a person pastes, and what AWS's command line is given.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The code of the token `abc+/?`.
const CODE: &str = "saga1.6.d10fc542b85d7bc2.YWJjKy8_";

/// Stands in the place of AWS's command line: keeps what it is told, and refuses tokens as it is asked.
const AWS: &str = "#!/bin/sh
echo \"$@\" > told
cat >> told
if [ -n \"$REFUSE\" ]; then echo \"An error occurred ($REFUSE)\" >&2; exit 254; fi
";

struct Ran {
    exit: i32,
    out: String,
    err: String,
    /// What AWS's command line was told.
    told: String,
}

fn run(arguments: &[&str], refuse: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let aws = folder.path().join("aws");
    std::fs::write(&aws, AWS).unwrap();
    std::fs::set_permissions(&aws, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let ran = Command::new(env!("CARGO_BIN_EXE_saga-cli"))
        .arg("approve")
        .args(arguments)
        .current_dir(folder.path())
        .env("PATH", path)
        .env("REFUSE", refuse)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran {
        exit: ran.status.code().unwrap(),
        out: text(ran.stdout),
        err: text(ran.stderr),
        told: told(folder.path()),
    }
}

fn told(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("told")).unwrap_or_default()
}

#[track_caller]
fn check(arguments: &[&str], exit: i32, says: &str, told: &str) {
    let ran = run(arguments, "");
    let (out, err) = (&ran.out, &ran.err);
    assert_eq!(ran.exit, exit, "{out}{err}");
    assert!(out.contains(says) || err.contains(says), "{out}{err}");
    assert_eq!(ran.told, told);
}

#[test]
fn an_answer_is_sent() {
    check(
        &[CODE, "--yes"],
        0,
        "Approves, with the answer {}",
        "stepfunctions send-task-success --cli-input-json file:///dev/stdin\n\
         {\"output\":\"{}\",\"taskToken\":\"abc+/?\"}",
    );
    check(
        &[
            CODE,
            "--yes",
            "--answer",
            "{\"by\":\"Ann\"}",
            "--endpoint-url",
            "http://here",
        ],
        0,
        "to Step Functions at http://here",
        "stepfunctions send-task-success --cli-input-json file:///dev/stdin --endpoint-url http://here\n\
         {\"output\":\"{\\\"by\\\":\\\"Ann\\\"}\",\"taskToken\":\"abc+/?\"}",
    );
}

#[test]
fn a_rejection_is_sent() {
    check(
        &[
            CODE,
            "--yes",
            "--reject",
            "TooDear",
            "--cause",
            "over the limit",
        ],
        0,
        "Rejects, with TooDear: over the limit",
        "stepfunctions send-task-failure --cli-input-json file:///dev/stdin\n\
         {\"cause\":\"over the limit\",\"error\":\"TooDear\",\"taskToken\":\"abc+/?\"}",
    );
}

#[test]
fn nothing_is_sent_that_nobody_meant() {
    check(&[CODE], 2, "`--yes` does it without asking", "");
    let cut = CODE.get(..CODE.len() - 3).unwrap();
    check(&[cut, "--yes"], 2, "copy it anew, to its end", "");
    let changed = CODE.replace("YWJj", "YWJk");
    check(&[&changed, "--yes"], 2, "was changed on its way", "");
    check(&["abc", "--yes"], 2, "no approval code", "");
    check(
        &[CODE, "--yes", "--answer", "yes!"],
        2,
        "the answer is no JSON",
        "",
    );
    check(
        &[CODE, "--yes", "--answer", "1", "--reject", "E"],
        2,
        "cannot be used with",
        "",
    );
    check(&[CODE, "--yes", "--cause", "why"], 2, "--reject", "");
}

#[test]
fn what_the_service_refuses_is_said() {
    let ran = run(&[CODE, "--yes"], "TaskTimedOut");
    assert_eq!(ran.exit, 1);
    assert!(
        ran.err.contains("An error occurred (TaskTimedOut)"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("nobody waits for it any more"),
        "{}",
        ran.err
    );
}
