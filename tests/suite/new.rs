//! `saga-cli new`: what it makes does all that its README says, as it is.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use pretty_assertions::assert_eq;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{Saga, root};
use super::markdown::blocks_of;
use super::outer::outside;

fn folder() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// The commands of the package's README, without what they say about themselves.
fn commands(package: &Path) -> Vec<String> {
    let text = fs::read_to_string(package.join("README.md")).unwrap();
    let command = |line: &str| line.split('#').next().unwrap_or(line).trim().to_owned();
    let shell = blocks_of("sh", &text).concat();
    shell.lines().map(command).collect()
}

/// Does what a user would type, in the package, with the `saga-cli` under test, and our builds for its own.
#[track_caller]
fn run(package: &Path, line: &str) -> (Option<i32>, String) {
    let line = line.replace("saga-cli", env!("CARGO_BIN_EXE_saga-cli"));
    let output = outside(&mut Command::new("sh"))
        .args(["-c", &line])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", root().join("target"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("warning"), "{line}\n{said}");
    (output.status.code(), said)
}

/// Packages of one name share the place where their binary is built: one at a time.
static BUILDS: Mutex<()> = Mutex::new(());

/// Makes a package, and does what its README says: it runs, verifies, tests and generates. Gives its template.
#[track_caller]
fn check_template(template: &str) -> String {
    // What another test left behind while it failed is built anew.
    let _one = BUILDS.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = folder();
    let said = Saga::new(&format!("new shop/orders --template {template}"))
        .inside(folder.path())
        .run()
        .success();
    assert!(said.contains("not published yet"), "{said}");
    let package = folder.path().join("shop/orders");
    let mut executed = Vec::new();
    for line in commands(&package) {
        // Done by the suites that have these tools, with other packages.
        let elsewhere = ["sam", "aws", "awscurl"];
        if !elsewhere.contains(&line.split(' ').next().unwrap()) {
            assert_eq!(run(&package, &line).0, Some(0), "{line}");
            // What is told at the end is what the README says.
            let told = line.starts_with("saga-cli generate");
            assert!(!told || said.contains(&line), "{line}: {said}");
            executed.push(line);
        }
    }
    assert_eq!(executed.len(), 4, "{executed:?}");
    for (event, exit) in [("card-refused", 3), ("sold-out", 3)] {
        let (code, said) = run(
            &package,
            &format!("saga-cli run --input events/{event}.json"),
        );
        assert_eq!(code, Some(exit), "{said}");
    }
    assert_eq!(run(&package, "cargo fmt --check").0, Some(0));
    let ignored = fs::read_to_string(package.join(".gitignore")).unwrap();
    assert!(ignored.contains("/template.yaml"), "{ignored}");
    check_filled(&package);
    fs::read_to_string(package.join("template.yaml")).unwrap()
}

/// No hole is left, and CI does what the README says.
#[track_caller]
fn check_filled(package: &Path) {
    for file in [
        "README.md",
        "Cargo.toml",
        "samconfig.toml",
        "src/ordering.rs",
        ".github/workflows/ci.yml",
    ] {
        let text = fs::read_to_string(package.join(file)).unwrap();
        assert!(!text.contains("{{"), "{file}: {text}");
    }
    let jobs = fs::read_to_string(package.join(".github/workflows/ci.yml")).unwrap();
    let jobs: Value = serde_yaml::from_str(&jobs).unwrap();
    let steps = jobs["jobs"]["check"]["steps"].as_array().unwrap();
    let runs: Vec<_> = steps
        .iter()
        .filter_map(|step| step["run"].as_str())
        .collect();
    for line in commands(package) {
        let told = ["saga-cli verify", "saga-cli generate", "cargo test"];
        if told.iter().any(|command| line.starts_with(command)) {
            assert!(runs.contains(&line.as_str()), "{line}: {runs:?}");
        }
    }
}

#[test]
fn a_new_package_does_what_its_readme_says() {
    let template = check_template("minimal");
    assert!(template.contains("CodeUri: '.'"), "{template}");
    assert!(!template.contains("OrderingUrl"));
}

#[test]
fn so_does_one_that_is_started_over_http() {
    let template = check_template("http");
    assert!(template.contains("  OrderingUrl:"), "{template}");
    assert!(template.contains("Type: AWS::StepFunctions::StateMachine"));
}

#[test]
fn so_does_one_that_goes_by_events() {
    let template = check_template("choreography");
    for told in [
        "OrderCharged",
        "ChargeRefused",
        "OrderRefunded",
        "OrderSoldOut",
        "OrderingRequested",
    ] {
        assert!(template.contains(told), "{told}: {template}");
    }
    assert!(!template.contains("AWS::StepFunctions::StateMachine"));
}

#[test]
fn what_is_there_is_not_written_over() {
    let folder = folder();
    fs::create_dir(folder.path().join("orders")).unwrap();
    fs::write(folder.path().join("orders/kept"), "mine").unwrap();
    let saga = |arguments: &str| Saga::new(arguments).inside(folder.path()).run();
    saga("new orders").failure(1, &["`orders` is there already", "choose another name"]);
    saga("new orders/kept").failure(1, &["`orders/kept` is there already"]);
    saga("new orders/kept/inside").failure(1, &["`orders/kept/inside` cannot be made"]);
    saga("new fn").failure(
        2,
        &["`fn` cannot be the name of a package", "`fn-saga` can"],
    );
    saga("new").failure(2, &["NAME"]);
    saga("new other --checkout nowhere")
        .failure(1, &["`nowhere` holds no crates of saga", "--checkout DIR"]);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(
        fs::read_to_string(folder.path().join("orders/kept")).unwrap(),
        "mine"
    );
}

#[test]
fn an_empty_folder_is_taken() {
    let folder = folder();
    fs::create_dir(folder.path().join("orders")).unwrap();
    Saga::new("new orders")
        .inside(folder.path())
        .run()
        .success();
    assert!(folder.path().join("orders/Cargo.toml").is_file());
}
