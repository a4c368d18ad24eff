//! A recovery whose execution somebody has redriven steps back: that end of it has a recovery of its own.

use std::collections::BTreeSet;

use saga_asl::data::Data;
use saga_engine::execution::{Effect, Event, Execution, Settings};
use saga_engine::history::Detail;
use saga_engine::time::Timestamp;
use saga_random::run::program;
use serde_json::{Value, json};

use crate::manifest::{compensatable, compile, pivot, saga};

/// What Step Functions says of the execution.
fn described(status: &str, redrives: u32, stopped: &str) -> Value {
    json!({
        "ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:Order:1",
        "Name": "1",
        "Status": status,
        "RedriveCount": redrives,
        "Input": "{}",
        "StopDate": stopped,
    })
}

const FIRST_END: &str = "1970-01-01T00:00:01.000Z";
const LATER_END: &str = "1970-01-01T00:01:00.000Z";

/// The states that the recovery of a saga enters, to which Step Functions says this, one after the other, where these
/// are the fences.
fn entered(answers: &[Value], fences: &Value) -> BTreeSet<String> {
    let output = compile(&saga(vec![compensatable("Book"), pivot("Send")]));
    let recovery = output.definitions[0].recovery.as_ref().unwrap();
    let event = json!({ "detail": {
        "executionArn": "arn:aws:states:us-east-1:123456789012:execution:Order:1",
        "stopDate": 1_000,
    }});
    let event = Data::parse(&event.to_string()).unwrap();
    let program = program(recovery).unwrap();
    let mut now = Timestamp(120_000);
    let mut execution = Execution::start(program, Settings::default(), event, now);
    let mut answers = answers.iter();
    while execution.outcome().is_none() {
        for effect in execution.take_effects() {
            let Effect::Invoke(call) = effect else {
                continue;
            };
            let answer = match call.resource.rsplit(':').next().unwrap() {
                "describeExecution" => answers.next().unwrap().clone(),
                "getExecutionHistory" => json!({ "Events": [] }),
                "query" => json!({ "Items": fences }),
                _ => json!({ "Attributes": { "stage": { "S": "tombstone" } } }),
            };
            let answer = Data::parse(&answer.to_string()).unwrap();
            execution.handle(Event::TaskSucceeded(call.task, answer), now);
        }
        if let Some(wake) = execution.next_wake() {
            now = now.max(wake);
            execution.handle(Event::TimePassed, now);
        }
    }
    let events = execution.history().iter();
    let names = events.filter_map(|event| match &event.detail {
        Detail::StateEntered { name, .. } => Some(name.to_string()),
        _ => None,
    });
    names.collect()
}

#[track_caller]
fn check(answers: &[Value], seals: bool, undoes: bool) {
    let entered = entered(answers, &json!([]));
    assert_eq!(entered.contains("SealFences"), seals, "{entered:?}");
    assert_eq!(entered.contains("BeginUndo"), undoes, "{entered:?}");
    assert_eq!(entered.contains("NothingToRecover"), !undoes, "{entered:?}");
}

#[test]
fn an_execution_that_stays_stopped_is_recovered() {
    let stopped = described("ABORTED", 0, FIRST_END);
    check(&[stopped.clone(), stopped], true, true);
}

#[test]
fn one_that_runs_again_is_left_alone() {
    check(&[described("RUNNING", 1, FIRST_END)], false, false);
}

#[test]
fn one_that_has_ended_again_is_left_to_the_recovery_of_that_end() {
    check(&[described("ABORTED", 1, LATER_END)], false, false);
}

#[test]
fn one_that_is_redriven_while_its_fences_are_sealed_goes_back_by_itself() {
    let stopped = described("ABORTED", 0, FIRST_END);
    for again in [
        described("RUNNING", 1, FIRST_END),
        described("FAILED", 1, LATER_END),
    ] {
        check(&[stopped.clone(), again], true, false);
    }
}

/// A fence of a completed saga, sealed so.
#[track_caller]
fn check_completed(sealed_by: &[&str], ends: &str) {
    let mut fence = json!({ "instance": { "S": "Book" } });
    for attribute in sealed_by {
        fence[attribute] = json!({ "BOOL": true });
    }
    let completed = described("SUCCEEDED", 1, FIRST_END);
    let entered = entered(&[completed], &json!([fence]));
    assert!(entered.contains(ends), "{sealed_by:?}: {entered:?}");
}

#[test]
fn what_a_saga_has_sealed_itself_is_no_sign_of_a_recovery() {
    check_completed(&[], "SagaEnded");
    check_completed(&["sealed", "sealedBySaga"], "SagaEnded");
    check_completed(&["sealed"], "ParkRecovery");
}
