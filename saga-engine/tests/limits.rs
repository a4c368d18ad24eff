//! AWS's quotas hold.

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
use saga_engine::execution::ExecutionType;

use world::{World, compile, echo, settings};

/// Counts down from the input's `n`, two states a turn.
const LOOP: &str = r#"{"StartAt": "Left", "States": {
    "Left": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 0, "Next": "Down"}], "Default": "Done"},
    "Down": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, -1)"}, "Next": "Left"},
    "Done": {"Type": "Succeed"}}}"#;

#[test]
fn a_standard_execution_fails_at_its_25_000th_event() {
    let world = World::start(
        compile(LOOP),
        settings(ExecutionType::Standard),
        r#"{"n": 10000}"#,
    );
    assert_eq!(world.ending(), "FAILED States.Runtime");
    assert_eq!(world.execution.history().len(), 25_000);
    assert_eq!(
        world.events().last().map(String::as_str),
        Some("ExecutionFailed")
    );
}

#[test]
fn an_express_execution_has_no_such_limit() {
    let world = World::start(
        compile(LOOP),
        settings(ExecutionType::Express),
        r#"{"n": 10000}"#,
    );
    assert_eq!(world.ending(), r#"{"n":0}"#);
    assert_eq!(world.execution.transitions(), 20_002);
}

#[test]
fn an_express_execution_that_never_ends_is_ended() {
    let endless = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}"#;
    let world = World::start(compile(endless), settings(ExecutionType::Express), "{}");
    assert_eq!(world.ending(), "TIMED_OUT States.Timeout");
}

#[test]
fn a_result_has_at_most_262_144_bytes() {
    let definition = r#"{"StartAt": "T", "States": {
        "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "Next": "D",
            "Catch": [{"ErrorEquals": ["States.DataLimitExceeded"], "Next": "D"}]},
        "D": {"Type": "Pass", "Result": "over", "End": true}}}"#;
    for (length, caught) in [(262_142, false), (262_143, true)] {
        let start = World::start(compile(definition), settings(ExecutionType::Standard), "{}");
        let world = start.finish(&mut |_| (1, Some(Ok(Data::from("x".repeat(length))))));
        let failed = world.events().contains(&"LambdaFunctionFailed".to_owned());
        assert_eq!(failed, caught, "{length}");
    }
}

/// What branches and items hand on counts together, though the state makes nothing of it.
#[test]
fn outcomes_together_have_at_most_262_144_bytes() {
    let inner = r#""StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}"#;
    let branches = format!(
        r#""Type": "Parallel", "Branches": [{{{inner}, "Comment": "1"}}, {{{inner}, "Comment": "2"}}]"#
    )
    .replacen("\"A\"", "\"B\"", 2);
    let items = format!(r#""Type": "Map", "ItemsPath": "$", "ItemProcessor": {{{inner}}}"#);
    for state in [branches, items] {
        let catch = r#"[{"ErrorEquals": ["States.DataLimitExceeded"], "Next": "Caught"}]"#;
        let definition = format!(
            r#"{{"StartAt": "S", "States": {{
                "S": {{{state}, "ResultSelector": {{}}, "End": true, "Catch": {catch}}},
                "Caught": {{"Type": "Pass", "Result": "over", "End": true}}}}}}"#
        );
        let is_map = state.contains("Map");
        // Two texts of a length in quotes, in a list.
        for (length, ending) in [(131_068, "{}"), (131_069, r#""over""#)] {
            let text = format!("\"{}\"", "x".repeat(length));
            let input = if is_map {
                format!("[{text},{text}]")
            } else {
                text
            };
            let world = World::start(
                compile(&definition),
                settings(ExecutionType::Standard),
                &input,
            );
            assert_eq!(world.ending(), ending, "{length}");
        }
    }
}

#[test]
fn an_inline_map_runs_at_most_40_items_at_once() {
    let definition = r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
        "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}}}}"#;
    let items = Data::array((0..100_i64).map(Data::from).collect()).to_string();
    let mut world = World::start(
        compile(definition),
        settings(ExecutionType::Express),
        &items,
    );
    assert_eq!(world.execution.take_effects().len(), 40);
    world = World::start(
        compile(definition),
        settings(ExecutionType::Express),
        &items,
    );
    assert_eq!(world.finish(&mut echo).ending(), items);
}
