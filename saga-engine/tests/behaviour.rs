//! What states do that no recorded execution shows: definitions with the ending and the events
//! that the specification and the developer guide ask for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod world;

use saga_asl::data::Data;
use saga_engine::execution::{ExecutionType, Invocation};

use world::{Answer, SAGA, World, compile, echo, failing, settings};

/// Runs a definition and compares its ending, and its events from the third on but for the last.
fn check(
    definition: &str,
    input: &str,
    answer: &mut dyn FnMut(&Invocation) -> Answer,
    ending: &str,
    events: &str,
) {
    let world = World::start(
        compile(definition),
        settings(ExecutionType::Standard),
        input,
    );
    let world = world.finish(answer);
    assert_eq!(world.ending(), ending, "{definition}");
    let all = world.events();
    let middle = all.get(2..all.len() - 1).unwrap_or_default();
    assert_eq!(middle.join(" "), events, "{definition}");
}

#[test]
fn a_failed_branch_stops_its_siblings() {
    check(
        r#"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}},
            {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 60, "End": true}}}]}}}"#,
        "{}",
        &mut |_| failing("Boom"),
        "FAILED Boom",
        "ParallelStateStarted TaskStateEntered TaskScheduled TaskStarted WaitStateEntered TaskFailed TaskStateAborted WaitStateAborted ParallelStateFailed",
    );
}

#[test]
fn a_failed_item_stops_the_others() {
    check(
        r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
            "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}}}}"#,
        "[1, 2]",
        &mut |invocation| match invocation.iteration[0].1 {
            0 => failing("Boom"),
            _ => (100, Some(Ok(Data::Null))),
        },
        "FAILED Boom",
        "MapStateStarted MapIterationStarted MapIterationStarted TaskStateEntered TaskScheduled TaskStarted TaskStateEntered TaskScheduled TaskStarted TaskFailed MapIterationFailed TaskStateAborted MapIterationAborted MapStateFailed",
    );
}

#[test]
fn a_distributed_map_tolerates_what_it_says() {
    let definition = |bound: &str| {
        format!(
            r#"{{"StartAt": "M", "States": {{"M": {{"Type": "Map", "End": true, {bound} "ItemProcessor": {{
                "ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
                "StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}}}}}}}}}}"#
        )
    };
    let failed = r#"{"Error":"Boom","Cause":"as the test says"}"#;
    for (bound, ending) in [
        (
            "",
            "FAILED States.ExceedToleratedFailureThreshold".to_owned(),
        ),
        (
            r#""ToleratedFailureCount": 1,"#,
            format!("[{failed},2,3,4]"),
        ),
        (
            r#""ToleratedFailurePercentage": 25,"#,
            format!("[{failed},2,3,4]"),
        ),
        (
            r#""ToleratedFailurePercentage": 24,"#,
            "FAILED States.ExceedToleratedFailureThreshold".to_owned(),
        ),
    ] {
        let start = World::start(
            compile(&definition(bound)),
            settings(ExecutionType::Standard),
            "[1, 2, 3, 4]",
        );
        let world = start.finish(&mut |invocation| match invocation.arguments.as_i64() {
            Some(1) => failing("Boom"),
            _ => echo(invocation),
        });
        assert_eq!(world.ending(), ending, "{bound}");
    }
}

#[test]
fn a_heartbeat_that_does_not_come_is_a_timeout_of_its_own() {
    check(
        r#"{"StartAt": "T", "States": {
            "T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 600, "HeartbeatSeconds": 5,
                "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "C"}], "End": true},
            "C": {"Type": "Pass", "Result": "caught", "End": true}}}"#,
        "{}",
        &mut |_| (0, None),
        "\"caught\"",
        "TaskScheduled TaskStarted TaskTimedOut TaskStateExited PassStateEntered PassStateExited",
    );
}

#[test]
fn a_machine_s_timeout_ends_everything() {
    let definition = r#"{"StartAt": "W", "TimeoutSeconds": 5, "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}"#;
    check(definition, "{}", &mut echo, "TIMED_OUT States.Timeout", "");
}

#[test]
fn retries_wait_longer_and_longer() {
    let definition = r#"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "BackoffRate": 3.0, "MaxAttempts": 3, "MaxDelaySeconds": 10}], "End": true}}}"#;
    let start = World::start(compile(definition), settings(ExecutionType::Standard), "{}");
    let world = start.finish(&mut |_| failing("Busy"));
    let events = world.execution.history().iter();
    let scheduled: Vec<i64> = events
        .filter(|event| event.detail.event_type() == "TaskScheduled")
        .map(|event| event.at.since(saga_engine::time::Timestamp(1_000_000)) / 1000)
        .collect();
    assert_eq!(scheduled, [0, 2, 8, 18]);
}

#[test]
fn a_redrive_goes_on_where_the_execution_failed() {
    let program = compile(SAGA);
    let mut world = World::start(program, settings(ExecutionType::Standard), r#"{"id": 7}"#);
    let mut calls: Vec<String> = Vec::new();
    let mut answer = |broken: bool, invocation: &Invocation| {
        calls.push(invocation.state.to_string());
        match &*invocation.state {
            "Refund" if broken => failing("RefundFailed"),
            "Credit" => failing("CreditFailed"),
            _ => echo(invocation),
        }
    };
    while world.step(&mut |invocation| answer(true, invocation)) {}
    assert_eq!(world.ending(), "FAILED RefundFailed");
    assert!(world.execution.redrive(world.now));
    while world.step(&mut |invocation| answer(false, invocation)) {}
    assert_eq!(world.ending(), "FAILED SagaCompensated");
    assert_eq!(
        calls,
        [
            "Register",
            "Charge",
            "Credit",
            "Notify",
            "Refund",
            "Refund",
            "Unregister"
        ]
    );
    let events = world.events();
    let redriven = events
        .iter()
        .position(|event| event == "ExecutionRedriven")
        .unwrap();
    assert_eq!(events[redriven + 1], "TaskScheduled");
}

#[test]
fn an_express_execution_cannot_be_redriven() {
    let definition = r#"{"StartAt": "F", "States": {"F": {"Type": "Fail"}}}"#;
    let mut world = World::start(compile(definition), settings(ExecutionType::Express), "{}");
    assert!(!world.execution.redrive(world.now));
}
