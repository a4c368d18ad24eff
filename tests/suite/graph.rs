//! `saga-cli graph`.

use std::fs;

use super::command::{Saga, root};
use super::generate::check_golden;

/// The pictures of the examples' sagas, where they have some beside their definitions.
#[test]
fn the_examples_pictures_are_the_ones_kept() {
    let mut kept = 0;
    for example in fs::read_dir(root().join("examples")).unwrap() {
        let folder = example.unwrap().path();
        let package = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for file in fs::read_dir(folder.join("expected")).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            let Some(saga) = file.strip_suffix(".svg") else {
                continue;
            };
            let graph = |format: &str| {
                let line = format!("graph -p {package} --saga {saga} --format {format}");
                Saga::new(&line).run().success()
            };
            let expected = |ending: &str| folder.join(format!("expected/{saga}.{ending}"));
            check_golden(&expected("svg"), &graph("svg"));
            check_golden(&expected("txt"), &graph("text"));
            kept += 1;
        }
    }
    assert!(kept > 2, "{kept}");
}

/// The executions that the guide's page of concepts shows.
#[test]
fn the_guides_executions_are_the_ones_kept() {
    let folder = tempfile::TempDir::new().unwrap();
    for (name, fault) in [
        ("compensated", "--fail ChargeFare=PaymentAuthException"),
        ("unknown", "--timeout ChargeFare"),
        ("parked", "--timeout CreditCustomerAccount"),
    ] {
        let run = "run -p fare-processing --input examples/fare-processing/events/completed.json --history";
        let history = folder.path().join(name);
        fs::write(&history, Saga::new(&format!("{run} {fault}")).run().stdout).unwrap();
        let graph = format!("graph -p fare-processing --history {}", history.display());
        let golden = root().join(format!("guide/book/pictures/{name}.svg"));
        check_golden(&golden, &Saga::new(&graph).run().success());
    }
}

const ORDER: &str = "graph --definition tests/lint/order/jsonpath.asl.json";

#[test]
fn a_definition_is_drawn_in_every_format() {
    for (format, begins) in [
        ("svg", "<svg "),
        ("mermaid", "flowchart TD\n"),
        ("dot", "digraph saga {\n"),
        ("text", "jsonpath\n"),
    ] {
        let drawn = Saga::new(&format!("{ORDER} --format {format}"))
            .run()
            .success();
        assert!(drawn.starts_with(begins), "{format}: {drawn}");
        for state in ["ReserveInventory", "CancelShipment", "OrderFailed"] {
            assert!(drawn.contains(state), "{format}: {drawn}");
        }
    }
}

#[test]
fn what_an_execution_did_is_painted() {
    let folder = tempfile::TempDir::new().unwrap();
    let history = folder.path().join("history.json");
    let run = "run -p fare-processing --input examples/fare-processing/events/completed.json \
               --fail ChargeFare=PaymentAuthException --history";
    let ran = Saga::new(run).run();
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    fs::write(&history, ran.stdout).unwrap();
    let line = format!(
        "graph -p fare-processing --format text --history {}",
        history.display()
    );
    let drawn = Saga::new(&line).run().success();
    for expected in [
        "✗ ChargeFare",
        "↶ RegisterFare",
        "✓ ↺ UndoRegisterFare",
        "· SetFareStatusCompleted",
    ] {
        assert!(drawn.contains(expected), "no `{expected}` in\n{drawn}");
    }
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let draw = |line: &str| Saga::new(line).run();
    draw("graph --definition rust-toolchain.toml").failure(1, &["cannot be drawn", "no states"]);
    draw(&format!("{ORDER} --history README.md")).failure(1, &["is no history", "--history"]);
    draw(&format!("{ORDER} --format png")).failure(2, &["invalid value 'png'", "mermaid"]);
    draw(&format!("{ORDER} -p fare-processing")).failure(2, &["cannot be used with"]);
}
