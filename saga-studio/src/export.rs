//! What was clicked, as a test of `saga_local::testing`.

use saga_verify::TestCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::mask::{HIDDEN, Mask};
use crate::order::{FaultKind, Order, StateFault, Target};
use crate::workshop::Problem;

/// An order, and what came of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exported {
    order: Order,
    /// How the saga ended.
    ending: String,
    /// The states that it entered, without those that only choose.
    states: Vec<String>,
    /// Whether what is sensitive is written, too.
    #[serde(default)]
    clear: bool,
}

/// What stands in a test in the place of what is sensitive.
const LEFT_OUT: &str = "left out: sensitive";

/// The test as the page shows it: `{"test": …, "hides": true}` where something sensitive was left out, with `sensitive` for whether
/// there is any.
///
/// # Errors
/// For a saga by events: such tests run state machines.
pub(crate) fn test(exported: &Exported, mask: &Mask) -> Result<Value, Problem> {
    if exported.order.target == Target::Choreography {
        return Err(Problem::new(
            "a test of `saga_local::testing` runs the state machine, and this ran by events",
            "run the same as a state machine, and export that: both come to the same outcome",
        ));
    }
    let hidden = |value: &Value| left_out(mask.value(value));
    let order = &exported.order;
    let shown = Order {
        input: hidden(&order.input),
        rows: order.rows.as_ref().map(hidden),
        ..order.clone()
    };
    let sensitive = shown.input != order.input || shown.rows != order.rows;
    let hides = sensitive && !exported.clear;
    let words = if hides {
        let names: Vec<String> = mask.names().map(|name| format!("`{name}`")).collect();
        vec![format!(
            "Sensitive fields ({}) are left out: write values that are made for tests in their place.",
            names.join(", ")
        )]
    } else {
        Vec::new()
    };
    let order = if hides { &shown } else { order };
    Ok(json!({ "test": text(order, exported, words), "sensitive": sensitive, "hides": hides }))
}

/// Dots are for the eyes; what is in a test is read.
fn left_out(value: Value) -> Value {
    match value {
        Value::String(text) => text.replace(HIDDEN, LEFT_OUT).into(),
        Value::Array(items) => items.into_iter().map(left_out).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name, left_out(value)))
                    .collect(),
            )
        }
        other => other,
    }
}

fn text(order: &Order, exported: &Exported, words: Vec<String>) -> String {
    let Order {
        saga,
        input,
        faults,
        attempts,
        answers,
        redrive,
        rows,
        target: _,
    } = order;
    let mut calls: Vec<String> = rows.iter().flat_map(of_rows).collect();
    calls.extend(faults.iter().map(call));
    calls.extend(attempts.map(|attempts| format!("fault_attempts({attempts})")));
    calls.extend(
        answers
            .iter()
            .map(|answer| match (&answer.output, &answer.error) {
                (_, Some(error)) => format!("reject({:?}, {error:?})", answer.state),
                (output, None) => {
                    let output = output.clone().unwrap_or_default();
                    format!("answer({:?}, serde_json::json!({output}))", answer.state)
                }
            }),
    );
    calls.extend(redrive.then(|| "redrive()".to_owned()));
    let aborts = faults.iter().any(|fault| fault.kind == FaultKind::Abort);
    let states: Vec<&str> = faults.iter().map(|fault| fault.state.as_str()).collect();
    let ending = Ending::of(&exported.ending);
    // Whose execution was aborted ends by its recovery.
    let ended = match aborts {
        true => format!(
            "assert_eq!(ended.recovery().map(|(ending, _)| ending), Some(saga_local::saga::Ending::{ending}));",
            ending = ending.variant
        ),
        false => format!(
            "assert_eq!(ended.ending(), saga_local::saga::Ending::{});",
            ending.variant
        ),
    };
    let mut checks = vec![ended];
    checks.extend((!aborts).then(|| format!("assert_eq!(ended.states(), {:?});", exported.states)));
    TestCode {
        words,
        name: TestCode::name(ending.verb, &states),
        saga: saga.clone(),
        calls,
        input: input.clone(),
        checks,
    }
    .to_string()
}

/// Calls that put rows into tables, whose types are called what the tables are called.
fn of_rows(rows: &Value) -> Vec<String> {
    let tables = rows.as_object().into_iter().flatten();
    let rows = tables.flat_map(|(table, rows)| {
        let rows = rows.as_array().into_iter().flatten();
        rows.map(move |row| {
            format!("row::<{table}>(&serde_json::from_value(serde_json::json!({row})).unwrap())")
        })
    });
    rows.collect()
}

struct Ending {
    variant: &'static str,
    verb: &'static str,
}

impl Ending {
    fn of(word: &str) -> Self {
        let (variant, verb) = match word {
            "completed" => ("Completed", "completes"),
            "compensated" => ("Compensated", "is_compensated"),
            "parked" => ("Parked", "is_parked"),
            _ => ("Failed", "fails"),
        };
        Self { variant, verb }
    }
}

fn call(fault: &StateFault) -> String {
    let StateFault { state, kind, error } = fault;
    match kind {
        FaultKind::Fail => format!(
            "fail({state:?}, {:?})",
            error.as_deref().unwrap_or_default()
        ),
        FaultKind::Timeout => format!("timeout({state:?})"),
        FaultKind::Crash => format!("crash({state:?})"),
        FaultKind::Duplicate => format!("duplicate({state:?})"),
        FaultKind::Abort => format!("abort({state:?})"),
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(exported: serde_json::Value, expected: &str) {
        let exported: Exported = serde_json::from_value(exported).unwrap();
        let told = test(&exported, &Mask::default()).unwrap();
        assert_eq!(told["test"], expected);
        assert_eq!(told["sensitive"], false);
    }

    #[test]
    fn what_is_sensitive_is_left_out_unless_it_is_asked_for() {
        let told = |clear: bool| {
            let exported = json!({
                "order": { "saga": "Trip", "input": { "cc": "4111-1111", "id": 7 } },
                "ending": "completed", "states": ["Book"], "clear": clear,
            });
            let exported: Exported = serde_json::from_value(exported).unwrap();
            test(&exported, &Mask::named(&["cc"])).unwrap()
        };
        let hides = told(false);
        let text = hides["test"].as_str().unwrap();
        assert!(
            !text.contains("4111") && text.contains("left out: sensitive"),
            "{text}"
        );
        assert!(
            text.starts_with("/// Sensitive fields (`cc`) are left out"),
            "{text}"
        );
        assert_eq!(
            (&hides["hides"], &hides["sensitive"]),
            (&json!(true), &json!(true))
        );
        let clear = told(true);
        assert!(clear["test"].as_str().unwrap().contains("4111-1111"));
        assert_eq!(
            (&clear["hides"], &clear["sensitive"]),
            (&json!(false), &json!(true))
        );
    }

    #[test]
    fn a_run_by_events_is_no_such_test() {
        let exported = json!({
            "order": { "saga": "Trip", "input": {}, "target": "choreography" }, "ending": "completed", "states": [],
        });
        let exported: Exported = serde_json::from_value(exported).unwrap();
        assert!(test(&exported, &Mask::default()).is_err());
    }

    #[test]
    fn an_undisturbed_run() {
        check(
            json!({
                "order": { "saga": "Trip", "input": { "id": 7 } },
                "ending": "completed", "states": ["Book", "Pay"],
            }),
            r#"#[tokio::test]
async fn completes() {
    let ended = saga_local::testing::SagaTest::of::<Trip>()
        .run(serde_json::json!({"id":7}))
        .await;
    assert_eq!(ended.ending(), saga_local::saga::Ending::Completed);
    assert_eq!(ended.states(), ["Book", "Pay"]);
}
"#,
        );
    }

    #[test]
    fn faults_answers_and_a_redrive() {
        check(
            json!({
                "order": {
                    "saga": "Trip", "input": {}, "attempts": 1, "redrive": true,
                    "faults": [
                        { "state": "Book", "kind": "fail", "error": "SoldOut" },
                        { "state": "UndoPay", "kind": "crash" },
                    ],
                    "rows": { "Seats": [{ "id": 1 }] },
                    "answers": [{ "state": "Approve", "output": { "ok": true } }, { "state": "Ask", "error": "No" }],
                },
                "ending": "parked", "states": ["Book"],
            }),
            r#"#[tokio::test]
async fn is_parked_after_failures_of_book_and_undo_pay() {
    let ended = saga_local::testing::SagaTest::of::<Trip>()
        .row::<Seats>(&serde_json::from_value(serde_json::json!({"id":1})).unwrap())
        .fail("Book", "SoldOut")
        .crash("UndoPay")
        .fault_attempts(1)
        .answer("Approve", serde_json::json!({"ok":true}))
        .reject("Ask", "No")
        .redrive()
        .run(serde_json::json!({}))
        .await;
    assert_eq!(ended.ending(), saga_local::saga::Ending::Parked);
    assert_eq!(ended.states(), ["Book"]);
}
"#,
        );
    }

    #[test]
    fn an_aborted_execution_ends_by_its_recovery() {
        check(
            json!({
                "order": { "saga": "Trip", "input": {}, "faults": [{ "state": "Book", "kind": "abort" }] },
                "ending": "compensated", "states": ["Book"],
            }),
            r#"#[tokio::test]
async fn is_compensated_after_failures_of_book() {
    let ended = saga_local::testing::SagaTest::of::<Trip>()
        .abort("Book")
        .run(serde_json::json!({}))
        .await;
    assert_eq!(ended.recovery().map(|(ending, _)| ending), Some(saga_local::saga::Ending::Compensated));
}
"#,
        );
    }
}
