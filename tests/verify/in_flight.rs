//! `--in-flight`: the fare example is what is deployed now; what was deployed before is its manifest with edits.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::ask;
use super::build;
use super::run;

/// The undo of `ChargeFare`, and its handler.
const UNDO: &str = "/sagas/0/body/nodes/1/step/kind/compensatable/compensation";
const REFUND: &str = "/handlers/1";
/// What `ChargeFare` is called with.
const CHARGE: &str = "/sagas/0/body/nodes/1/step/call";

/// What was otherwise before: at a JSON Pointer; null removes an item.
type Edit = (String, Value);

struct Case {
    name: &'static str,
    before: Vec<Edit>,
    exit: i32,
    says: &'static [&'static str],
}

fn cases() -> Vec<Case> {
    let undo = |at: &str| format!("{UNDO}{at}");
    let refund = |at: &str| format!("{REFUND}{at}");
    vec![
        Case {
            name: "nothing has changed",
            before: vec![],
            exit: 0,
            says: &[
                "what undoes them as it is now",
                "FareProcessing: the guarantees hold with up to 1 fault",
                "nothing around the state machine strands one",
            ],
        },
        Case {
            name: "the undo was not handed what it needs now",
            before: vec![
                (undo("/task/input/object/0"), Value::Null),
                (refund("/input/schema/required"), json!(["fareId"])),
            ],
            exit: 1,
            says: &[
                "guarantee 5",
                "it sends what the handler takes no more: `customerId`: ",
                "UndoChargeFare",
            ],
        },
        Case {
            name: "the undo has another handler now",
            before: vec![
                (refund("/name"), "RepayFare".into()),
                (undo("/task/handler"), "RepayFare".into()),
            ],
            exit: 1,
            says: &[
                "guarantee 5",
                "it calls `RepayFare`, which is gone",
                "what around the state machine strands them",
            ],
        },
        Case {
            name: "the undo takes longer now than it was waited for",
            before: vec![
                (refund("/timeout_seconds"), 3.into()),
                (undo("/timeout_seconds"), 3.into()),
            ],
            exit: 1,
            says: &["guarantee 8", "UndoChargeFare"],
        },
        Case {
            name: "a step was handed less: it keeps the code that it had",
            before: vec![(format!("{CHARGE}/task/input/object/2"), Value::Null)],
            exit: 0,
            says: &["the guarantees hold"],
        },
    ]
}

fn edited(mut manifest: Value, edits: &[Edit]) -> Value {
    for (at, value) in edits {
        let (parent, key) = at.rsplit_once('/').unwrap();
        let parent = manifest.pointer_mut(parent);
        let parent = parent.unwrap_or_else(|| panic!("nothing is at {at}"));
        match parent {
            Value::Array(items) => {
                assert!(value.is_null());
                items.remove(key.parse().unwrap());
            }
            Value::Object(fields) => {
                assert!(fields.contains_key(key), "nothing is at {at}");
                fields.insert(key.to_owned(), value.clone());
            }
            other => panic!("{at} is in {other}"),
        }
    }
    manifest
}

#[test]
fn executions_that_were_started_before_end_as_they_should_or_it_is_said_why() {
    let kept = tempfile::tempdir().unwrap();
    let executable = build::executable("fare-processing", "");
    let manifest = serde_json::to_value(ask::manifest(&executable, kept.path())).unwrap();
    for case in cases() {
        let old = kept.path().join("old.json");
        let before = edited(manifest.clone(), &case.before);
        std::fs::write(&old, before.to_string()).unwrap();
        let old = old.to_str().unwrap();
        let arguments = ["-p", "fare-processing", "--depth", "1", "--in-flight", old];
        let (code, out, err) = run(&arguments);
        assert_eq!(code, case.exit, "{}: {out}{err}", case.name);
        for says in case.says {
            assert!(
                out.contains(says),
                "{}: `{says}` is not in\n{out}{err}",
                case.name
            );
        }
    }
}

#[test]
fn what_does_not_say_what_its_states_are_for_is_refused() {
    let (code, _, err) = run(&["-p", "fare-processing", "--in-flight", "order.asl.yaml"]);
    assert_eq!(code, 2, "{err}");
    for says in [
        "`order.asl.yaml` does not say what its states are for",
        "a git revision, a folder, or its manifest",
    ] {
        assert!(err.contains(says), "`{says}` is not in\n{err}");
    }
}

#[test]
fn machines_read_both_parts() {
    let kept = tempfile::tempdir().unwrap();
    let executable = build::executable("fare-processing", "");
    ask::manifest(&executable, kept.path());
    let old = kept.path().join("manifest.json");
    let old = old.to_str().unwrap();
    let arguments = [
        "-p",
        "fare-processing",
        "--depth",
        "0",
        "--format",
        "json",
        "--in-flight",
        old,
    ];
    let (code, out, err) = run(&arguments);
    assert_eq!(code, 0, "{out}{err}");
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(said["strands"], json!([]));
    assert!(
        said["executionsInFlight"]
            .to_string()
            .contains("FareProcessing")
    );
}
