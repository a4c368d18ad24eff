//! What was clicked, as a test of `saga_local::testing`.

use saga_verify::TestCode;
use serde::Deserialize;

use crate::order::{FaultKind, Order, StateFault};

/// An order, and what came of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exported {
    order: Order,
    /// How the saga ended.
    ending: String,
    /// The states that it entered, without those that only choose.
    states: Vec<String>,
}

/// The text of the test.
pub(crate) fn test(exported: &Exported) -> String {
    let Order {
        saga,
        input,
        faults,
        attempts,
        answers,
        redrive,
    } = &exported.order;
    let mut calls: Vec<String> = faults.iter().map(call).collect();
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
        words: Vec::new(),
        name: TestCode::name(ending.verb, &states),
        saga: saga.clone(),
        calls,
        input: input.clone(),
        checks,
    }
    .to_string()
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
        assert_eq!(test(&exported), expected);
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
                    "answers": [{ "state": "Approve", "output": { "ok": true } }, { "state": "Ask", "error": "No" }],
                },
                "ending": "parked", "states": ["Book"],
            }),
            r#"#[tokio::test]
async fn is_parked_after_failures_of_book_and_undo_pay() {
    let ended = saga_local::testing::SagaTest::of::<Trip>()
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
