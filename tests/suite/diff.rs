//! `saga-cli diff`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::command::Saga;

const OLD: &str = "examples/order-processing/expected/template.yaml";

/// The template without what a state machine is allowed on one function.
fn without_permission(folder: &Path) -> String {
    let template = fs::read_to_string(super::command::root().join(OLD)).unwrap();
    let (before, rest) = template
        .split_once("              - Sid: UseProcessOrderFunction\n")
        .unwrap();
    let (_, after) = rest.split_once("              - Sid:").unwrap();
    let path = folder.join("new.yaml");
    fs::write(&path, format!("{before}              - Sid:{after}")).unwrap();
    path.display().to_string()
}

#[test]
fn the_same_strands_nothing() {
    let ran = Saga::new(&format!("diff {OLD} {OLD}")).run();
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert_eq!(
        ran.stdout,
        "executions in flight end as they were started\n"
    );
}

#[test]
fn a_permission_that_is_gone_strands() {
    let folder = tempfile::tempdir().unwrap();
    let new = without_permission(folder.path());
    let ran = Saga::new(&format!("diff {OLD} {new}")).run();
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("strands[permission-removed]: OrderProcessingStateMachine: "),
        "{}",
        ran.stdout
    );
    let ran = Saga::new(&format!("diff {OLD} {new} --format json")).run();
    assert_eq!(ran.code, Some(1));
    let changes: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(changes[0]["effect"], "strands");
    assert_eq!(changes[0]["code"], "permission-removed");
    // The other way round, something is allowed that was not.
    let ran = Saga::new(&format!("diff {new} {OLD}")).run();
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
}

#[test]
fn a_file_may_be_one_of_a_revision() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let ran = Command::new("git")
            .args(arguments)
            .current_dir(folder.path())
            .status();
        assert!(ran.unwrap().success());
    };
    let definition = |seconds: u32| {
        let text = format!(
            r#"{{"StartAt": "Book", "States": {{"Book": {{"Type": "Task", "Resource": "r", "TimeoutSeconds": {seconds}, "End": true}}}}}}"#
        );
        fs::write(folder.path().join("book.asl.json"), text).unwrap();
    };
    git(&["init", "--quiet"]);
    definition(30);
    git(&["add", "."]);
    git(&[
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.c",
        "commit",
        "--quiet",
        "--message",
        "Book",
    ]);
    definition(10);
    let ran = Saga::new("diff HEAD:book.asl.json book.asl.json")
        .inside(folder.path())
        .run();
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("from 30 to 10"), "{}", ran.stdout);
}

#[test]
fn a_side_that_is_nothing_is_a_usage_error() {
    let ran = Saga::new(&format!("diff -p order-processing no-such-revision {OLD}")).run();
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("neither a file nor a folder nor a git revision"),
        "{}",
        ran.stderr
    );
}

#[test]
fn definitions_may_be_files_beside_the_template() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().display().to_string();
    let generated = Saga::new(&format!("generate -p order-processing --out {folder}"));
    generated.run().success();
    let ran = Saga::new(&format!("diff {OLD} {folder}/template.yaml")).run();
    let same = "executions in flight end as they were started\n";
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), same));
    // It is the file that is read.
    let file = out.path().join("OrderProcessing.asl.json");
    let definition = fs::read_to_string(&file).unwrap();
    fs::write(&file, definition.replace("ReserveInventory", "Reserve")).unwrap();
    let ran = Saga::new(&format!("diff {OLD} {folder}/template.yaml")).run();
    let removed =
        "keeps[state-removed]: OrderProcessingStateMachine: `ReserveInventory` is removed";
    assert!(ran.stdout.contains(removed), "{}", ran.stdout);
    fs::remove_file(&file).unwrap();
    let ran = Saga::new(&format!("diff {OLD} {folder}/template.yaml")).run();
    let missing = "cannot read `OrderProcessing.asl.json`: there is no such file";
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains(missing), "{}", ran.stderr);
}
