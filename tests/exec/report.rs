//! Runs a case and lists what differs from its recording.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::execution::{Event, Execution, ExecutionType, Identity, Outcome, Settings};
use saga_engine::fault::Failure;
use saga_engine::history::{Detail, HistoryEvent};
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_local::drive::{VirtualClock, drive};
use serde_json::{Value, json};

use crate::corpus::Case;
use crate::likeness::unlike;
use crate::replay::{Replay, data, json as shown};

/// When the recorded executions ran, as far as their inputs say.
const RECORDED: &str = "2026-11-21T04:28:26Z";

pub fn differences(case: &Case) -> Vec<String> {
    match run(case) {
        Ok((execution, outcome, sent)) => {
            let mut found = sent;
            found.extend(outcome_differs(case, &outcome));
            found.extend(events_differ(case, execution.history()));
            found.extend(trace_differs(case, execution.history()));
            found
        }
        Err(message) => vec![message],
    }
}

fn run(case: &Case) -> Result<(Execution, Outcome, Vec<String>), String> {
    let program = Arc::new(compile(case.get("definition"))?);
    let execution_type = match case.get("type").as_str() {
        Some("EXPRESS") if case.id().contains("start_execution_sync") => ExecutionType::SyncExpress,
        Some("EXPRESS") => ExecutionType::Express,
        _ => ExecutionType::Standard,
    };
    let settings = Settings {
        execution_type,
        identity: Identity {
            account: "111111111111".into(),
            ..Identity::default()
        },
        ..Settings::default()
    };
    let mut replay = Replay::new(case);
    let mut clock = VirtualClock(Timestamp::parse(RECORDED).unwrap());
    let input = match case.get("input") {
        Value::Null => Data::empty_object(),
        input => data(input),
    };
    if case.get("expect")["status"] == "ABORTED" {
        return Ok(stopped(program, settings, input, clock.0));
    }
    let driven = drive(
        program,
        settings,
        input,
        &mut replay,
        &mut clock,
        &mut |_| {},
    );
    let (execution, outcome) = driven.map_err(|error| error.to_string())?;
    Ok((execution, outcome, replay.differences))
}

/// An execution that somebody stops as soon as it waits for something.
fn stopped(
    program: Arc<Program>,
    settings: Settings,
    input: Data,
    now: Timestamp,
) -> (Execution, Outcome, Vec<String>) {
    let mut execution = Execution::start(program, settings, input, now);
    execution.handle(Event::Stopped(Failure::default()), now);
    let outcome = execution
        .outcome()
        .cloned()
        .expect("a stopped execution has ended");
    (execution, outcome, Vec::new())
}

pub fn compile(definition: &Value) -> Result<Program, String> {
    let definition = saga_asl::json::Value::from(definition.clone());
    let machine = StateMachine::from_value(&definition).map_err(|errors| format!("{errors:?}"))?;
    Program::compile(&machine).map_err(|errors| format!("{errors:?}"))
}

fn outcome_differs(case: &Case, outcome: &Outcome) -> Vec<String> {
    let failure = outcome.failure.as_ref();
    let text = |text: Option<&Arc<str>>| text.map_or(Value::Null, |text| json!(&**text));
    let output = outcome.output.as_ref().map_or(Value::Null, shown);
    let found = [
        ("status", json!(outcome.status.name())),
        ("output", output),
        (
            "error",
            text(failure.and_then(|failure| failure.error.as_ref())),
        ),
        (
            "cause",
            text(failure.and_then(|failure| failure.cause.as_ref())),
        ),
    ];
    let expected = case.get("expect");
    let compared = found.into_iter().filter_map(|(name, found)| {
        let difference = unlike(&expected[name], &found, &case.wild())?;
        Some(format!("{name}: {difference}"))
    });
    compared.collect()
}

/// The order of events is kept where nothing runs side by side.
fn ordered(case: &Case) -> bool {
    let definition = case.get("definition").to_string();
    let maps = definition.matches("\"Type\":\"Map\"").count();
    let serial = definition.matches("\"MaxConcurrency\":1").count();
    !definition.contains("\"Parallel\"") && serial >= maps
}

fn events_differ(case: &Case, history: &[HistoryEvent]) -> Option<String> {
    let expected = case.get("events").as_array()?;
    let mut expected: Vec<String> = expected
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let mut found: Vec<String> = history
        .iter()
        .map(|event| event.detail.event_type())
        .collect();
    if !ordered(case) {
        expected.sort();
        found.sort();
    }
    (expected != found).then(|| {
        format!(
            "events: expected {}\n  found {}",
            expected.join(" "),
            found.join(" ")
        )
    })
}

fn trace_differs(case: &Case, history: &[HistoryEvent]) -> Option<String> {
    let expected = case.get("trace").as_array()?;
    let found: Vec<Value> = history.iter().filter_map(step).collect();
    if expected.len() != found.len() {
        return Some(format!(
            "trace: expected {} steps, found {}",
            expected.len(),
            found.len()
        ));
    }
    let wild = case.wild();
    let mut left: Vec<&Value> = found.iter().collect();
    for step in expected {
        let alike = |found: &Value| {
            let keys = ["enter", "exit", "input", "output", "assigned"];
            let known = keys.iter().filter(|key| step.get(**key).is_some());
            known
                .into_iter()
                .find_map(|key| unlike(&step[*key], &found[*key], &wild))
        };
        let place = if ordered(case) { Some(0) } else { None };
        let place = place.or_else(|| left.iter().position(|found| alike(found).is_none()));
        let Some(place) = place else {
            return Some(format!("trace: nothing like {step}"));
        };
        if let Some(difference) = alike(left[place]) {
            return Some(format!("trace at {step}: {difference}"));
        }
        left.remove(place);
    }
    None
}

fn step(event: &HistoryEvent) -> Option<Value> {
    match &event.detail {
        Detail::StateEntered { name, input, .. } => {
            Some(json!({"enter": &**name, "input": shown(input)}))
        }
        Detail::EvaluationFailed { .. } => Some(json!({})),
        Detail::StateExited {
            name,
            output,
            assigned,
            ..
        } => Some(json!({
            "exit": &**name,
            "output": shown(output),
            "assigned": assigned.as_ref().map(shown),
        })),
        _ => None,
    }
}
