//! `saga-cli verify`: what a user types, and what comes back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "tools/ask.rs"]
mod ask;
#[path = "tools/build.rs"]
mod build;
#[path = "verify/in_flight.rs"]
mod in_flight;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// A definition and its annotations.
fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/verify"))
}

/// Runs `saga-cli verify` in the folder: exit code, stdout, stderr.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_saga-cli"))
        .arg("verify")
        .args(arguments)
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

/// Explores the order with one text of its definition, and one of its annotations, replaced.
#[track_caller]
fn check(definition: (&str, &str), annotations: (&str, &str), exit: i32, said: &[&str]) {
    let kept = tempfile::tempdir().unwrap();
    let edited = |name: &str, (from, to): (&str, &str)| {
        let text = fs::read_to_string(folder().join(name)).unwrap();
        assert!(text.contains(from), "`{from}` is not in {name}");
        let path = kept.path().join(name);
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let definition = edited("order.asl.yaml", definition);
    let annotations = edited("order.saga.yaml", annotations);
    let (code, out, err) = run(&["--definition", &definition, "--annotations", &annotations]);
    assert_eq!(code, exit, "{out}{err}");
    for said in said {
        assert!(
            out.contains(said) || err.contains(said),
            "`{said}` is not in\n{out}{err}"
        );
    }
}

const AS_IT_IS: (&str, &str) = ("", "");

#[test]
fn an_order_holds_and_its_defects_are_found() {
    check(
        AS_IT_IS,
        AS_IT_IS,
        0,
        &["Order: the guarantees hold with up to 2 faults"],
    );
    for (from, to, said) in [
        (
            "Next: ReleaseStock\n    Next: ChargeCard",
            "Next: OrderFailed\n    Next: ChargeCard",
            "guarantee 3",
        ),
        (
            "Next: ChargeCardParked",
            "Next: ReleaseStock",
            "guarantee 13",
        ),
        ("Next: TellOperator", "Next: OrderFailed", "guarantee 6"),
        ("Comment:", "TimeoutSeconds: 60\nComment:", "guarantee 7"),
        ("TimeoutSeconds: 30", "TimeoutSeconds: 15", "guarantee 8"),
    ] {
        check((from, to), AS_IT_IS, 1, &[said, "is broken"]);
    }
}

#[test]
fn a_retry_of_what_is_not_idempotent_is_found() {
    let twice = ("kind: pivot", "kind: pivot\n    idempotent: false");
    check(
        AS_IT_IS,
        twice,
        1,
        &[
            "guarantee 4",
            "a handler of `ChargeCard` acted again",
            "ChargeCard: stands 2 times",
        ],
    );
}

#[test]
fn annotations_that_are_wrong_say_where() {
    for (from, to, exit, said) in [
        ("kind: pivot", "kind: pivots", 2, "pivots"),
        (
            "undo: ReleaseStock",
            "undo: ReleaseStocks",
            2,
            "no Task state `ReleaseStocks`",
        ),
        (
            "    undo: ReleaseStock\n",
            "",
            2,
            "`ReserveStock` is compensatable and says no `undo`",
        ),
        (
            "kind: pivot",
            "kind: pivot\n    undo: TellOperator",
            2,
            "only a compensatable step is undone",
        ),
        (
            "messages: [TellOperator]",
            "",
            1,
            "nothing says what `TellOperator` is for",
        ),
        (
            "[TellOperator]",
            "[TellOperator, ReserveStock]",
            2,
            "`ReserveStock` is named twice",
        ),
        (
            "messages:",
            "ends: { Nowhere: completed }\nmessages:",
            2,
            "`Nowhere`",
        ),
        ("takes: 10", "take: 10", 2, "take"),
    ] {
        check(AS_IT_IS, (from, to), exit, &[said]);
    }
}

#[test]
fn json_is_one_object_on_stdout() {
    let order = [
        "--definition",
        "order.asl.yaml",
        "--annotations",
        "order.saga.yaml",
    ];
    let (code, out, _) = run(&[&order[..], &["--format", "json", "--depth", "1"]].concat());
    let verdict: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert_eq!(verdict["verdict"], "holds");
    assert_eq!(verdict["depth"], 1);
    assert_eq!(verdict["complete"], true);
    assert_eq!(
        verdict["guarantees"],
        serde_json::json!([1, 2, 3, 4, 5, 6, 7, 8, 13])
    );
}

#[test]
fn more_states_than_allowed_prove_nothing() {
    let order = [
        "--definition",
        "order.asl.yaml",
        "--annotations",
        "order.saga.yaml",
    ];
    let (code, out, _) = run(&[&order[..], &["--states", "50"]].concat());
    assert_eq!(code, 1);
    assert!(out.contains("and there are more"), "{out}");
}

#[test]
fn a_definition_without_annotations_is_a_usage_error() {
    let (code, _, err) = run(&["--definition", "order.asl.yaml"]);
    assert_eq!(code, 2, "{err}");
}

/// The package's own sagas, of all constructs: a savepoint, branches, a list, an approval, a saga that runs
/// another.
#[test]
fn a_trip_holds() {
    let trip = ["-p", "trip-booking", "--saga", "TripBooking"];
    let (code, out, err) = run(&[&trip[..], &["--format", "json", "--depth", "1"]].concat());
    assert_eq!(code, 0, "{out}{err}");
    let verdict: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(verdict["verdict"], "holds");
    assert_eq!(verdict["complete"], true);
    let ends = &verdict["endings"];
    for ending in ["completed", "compensated", "parked"] {
        assert!(ends[ending].as_u64().unwrap() > 10, "{ending}: {ends}");
    }
}
