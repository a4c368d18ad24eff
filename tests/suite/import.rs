//! `saga-cli import`: definitions that stand in templates.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::command::{Saga, root};

/// A copy of a template of `saga-import`'s tests, with the definition where its template says.
fn case() -> TempDir {
    let folder = TempDir::new().unwrap();
    let cases = root().join("saga-import/tests/templates/beside");
    fs::create_dir(folder.path().join("statemachines")).unwrap();
    let copies = [
        ("template.yaml", "template.yaml"),
        ("definition.json", "statemachines/definition.json"),
    ];
    for (from, to) in copies {
        fs::copy(cases.join(from), folder.path().join(to)).unwrap();
    }
    folder
}

/// The exit code, and what is said where.
#[track_caller]
fn check(arguments: &str, code: i32, stdout: &[&str], stderr: &[&str]) {
    let case = case();
    let ran = Saga::new(&format!("import {arguments}"))
        .inside(case.path())
        .run();
    assert_eq!(ran.code, Some(code), "{}", ran.stderr);
    for (text, parts) in [(&ran.stdout, stdout), (&ran.stderr, stderr)] {
        for part in parts {
            assert!(text.contains(part), "no `{part}` in: {text}");
        }
    }
}

const SAGA: &[&str] = &[
    "pub struct OrderMachine;",
    "partition_key = customer: String",
    "memory = 512",
];

#[test]
fn one_of_several_state_machines_is_chosen() {
    check(
        "template.yaml --machine OrderMachine",
        0,
        SAGA,
        &["Weak in `template.yaml`:"],
    );
}

#[test]
fn a_definition_is_found_in_its_template() {
    let arguments = "statemachines/definition.json --template template.yaml";
    check(
        arguments,
        0,
        SAGA,
        &["`OrdersTable` (AWS::DynamoDB::Table): hand its ARN"],
    );
}

#[test]
fn what_is_not_chosen_is_listed() {
    let cases = [
        (
            "template.yaml",
            "`template.yaml` has 2 state machines: `OrderMachine`, `CleanUpMachine`",
        ),
        (
            "template.yaml --machine Order",
            "has no state machine `Order`",
        ),
        (
            "template.yaml --template template.yaml",
            "`template.yaml` is a template itself",
        ),
        (
            "statemachines/definition.json --machine Order",
            "name the template",
        ),
    ];
    for (arguments, says) in cases {
        check(arguments, 2, &[], &[says]);
    }
}

#[test]
fn a_package_holds_what_becomes_of_the_template() {
    let case = case();
    let arguments = "import template.yaml --machine OrderMachine --out orders";
    let said = Saga::new(arguments).inside(case.path()).run().success();
    assert!(
        said.contains("Of `template.yaml`, is not carried over:"),
        "{said}"
    );
    let gaps = fs::read_to_string(PathBuf::from(case.path()).join("orders/GAPS.md")).unwrap();
    for part in [
        "# What becomes of `template.yaml`",
        "- the trigger `Nightly`: `on.cron(\"0 2 * * ? *\", …)`",
        "- `MachineRole` grants every action of `dynamodb:*` (",
    ] {
        assert!(gaps.contains(part), "no `{part}` in: {gaps}");
    }
}
