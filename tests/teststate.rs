//! Single states tried by AWS's `TestState`, tried again by the engine: verdict, output, error,
//! cause, the next state, and the data after each step of processing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "exec/corpus.rs"]
mod corpus;
#[path = "exec/likeness.rs"]
#[allow(dead_code, reason = "shared with the suite of executions")]
mod likeness;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial as Test};
use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::fault::Failure;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_engine::trial::{Inspection, Mock, Trial};
use serde_json::{Value, json};

use corpus::{Case, Corpus};
use likeness::unlike;

/// Cases that are not counted, each with the reason: `id TAB reason`.
const OUT_OF_SCOPE: &str = include_str!("teststate/out_of_scope.tsv");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let tests = match Corpus::find("teststate/cases.jsonl") {
        Corpus::Absent(reason) => vec![ignored(&format!("corpus ({reason})"))],
        Corpus::Present(cases) => cases.into_iter().map(test).collect(),
    };
    libtest_mimic::run(&arguments, tests).exit_code()
}

fn test(case: Case) -> Test {
    let mut listed = OUT_OF_SCOPE
        .lines()
        .filter_map(|line| line.split_once('\t'));
    match listed.find_map(|(id, reason)| (id == case.id()).then_some(reason)) {
        Some(reason) => ignored(&format!("{} ({reason})", case.id())),
        None => Test::test(case.id().to_owned(), move || check(&case)),
    }
}

fn ignored(name: &str) -> Test {
    Test::test(name, || Ok(())).with_ignored_flag(true)
}

fn check(case: &Case) -> Result<(), Failed> {
    let expected = case.get("expect");
    let found = match attempt(case) {
        Ok(inspection) => shown(&inspection, case),
        Err(message) => json!({ "api_error": message }),
    };
    if let Some(message) = expected["api_error"]["Message"].as_str() {
        let told = found["api_error"].as_str().unwrap_or_default();
        return match !told.is_empty() && message.ends_with(told) {
            true => Ok(()),
            false => Err(format!("expected {message:?}, found {found}").into()),
        };
    }
    match unlike(expected, &found, &case.wild()) {
        None => Ok(()),
        Some(difference) => Err(difference.into()),
    }
}

fn attempt(case: &Case) -> Result<Inspection, String> {
    let (definition, request) = (case.get("definition"), case.get("request"));
    let name = request["stateName"].as_str().unwrap_or("StateName");
    let whole = match definition.get("States") {
        Some(_) => definition.clone(),
        None => alone(definition),
    };
    let machine = StateMachine::from_value(&saga_asl::json::Value::from(whole))
        .map_err(|errors| format!("{errors:?}"))?;
    let program = Program::compile(&machine).map_err(|errors| format!("{errors:?}"))?;
    trial(case)?
        .run(&program, name)
        .map_err(|invalid| invalid.to_string())
}

/// A machine of the one state, with the states that it goes to.
fn alone(state: &Value) -> Value {
    let mut states = json!({ "StateName": state });
    let choices = state["Choices"].as_array().into_iter().flatten();
    let catchers = state["Catch"].as_array().into_iter().flatten();
    let next = choices.chain(catchers).map(|rule| &rule["Next"]);
    for target in next
        .chain([&state["Next"], &state["Default"]])
        .filter_map(Value::as_str)
    {
        states[target] = json!({ "Type": "Succeed" });
    }
    json!({ "StartAt": "StateName", "States": states })
}

fn trial(case: &Case) -> Result<Trial, String> {
    let request = case.get("request");
    let configuration = &request["stateConfiguration"];
    let number = |name: &str| {
        configuration[name]
            .as_u64()
            .map(|n| usize::try_from(n).unwrap())
    };
    let needs_role = ["Task", "Map", "Parallel"].iter().any(|kind| {
        case.get("definition")
            .to_string()
            .contains(&format!("\"Type\":\"{kind}\""))
    });
    Ok(Trial {
        input: match case.get("input") {
            Value::Null => Data::empty_object(),
            input => data(input),
        },
        variables: data(&request["variables"])
            .as_object()
            .cloned()
            .unwrap_or_default(),
        context: request.get("context").map(data),
        role: (needs_role && request.get("mock").is_some())
            .then(|| "arn:aws:iam::111111111111:role/role".into()),
        mock: mock(&request["mock"])?,
        retries: u32::try_from(number("retrierRetryCount").unwrap_or(0)).unwrap(),
        failed_iterations: number("mapIterationFailureCount"),
        items: configuration["mapItemReaderData"]
            .as_str()
            .and_then(|text| Data::parse(text).ok()),
        now: Timestamp::parse("2026-11-21T04:28:26Z").unwrap(),
    })
}

fn mock(mock: &Value) -> Result<Option<Mock>, String> {
    match (mock["result"].as_str(), mock.get("errorOutput")) {
        (Some(_), Some(_)) => Err(
            "A test mock should have only one of the following fields: [result, errorOutput]."
                .to_owned(),
        ),
        (Some(result), None) => match Data::parse(result) {
            Ok(result) => Ok(Some(Mock::Result(result))),
            Err(_) => Err("Mocked result must be valid JSON".to_owned()),
        },
        (None, Some(error)) => {
            let text = |name: &str| error[name].as_str().map(Into::into);
            Ok(Some(Mock::Error(Failure {
                error: text("error"),
                cause: text("cause"),
                ..Failure::default()
            })))
        }
        (None, None) => Ok(None),
    }
}

fn shown(inspection: &Inspection, case: &Case) -> Value {
    let mut found = json!({ "status": inspection.status.name() });
    let failure = inspection.failure.as_ref();
    if let Some(output) = &inspection.output {
        found["output"] = json!(output);
    }
    if let Some(next) = &inspection.next {
        found["nextState"] = json!(&**next);
    }
    if let Some(error) = failure.and_then(|failure| failure.error.as_ref()) {
        found["error"] = json!(&**error);
    }
    if let Some(cause) = failure.and_then(|failure| failure.cause.as_ref()) {
        found["cause"] = json!(&**cause);
    }
    if case.get("request")["inspectionLevel"] != "INFO" {
        let data = inspection
            .data
            .iter()
            .map(|(name, data)| ((*name).to_owned(), inspected(data)));
        found["inspectionData"] = Value::Object(data.collect());
    }
    found
}

/// The API gives steps as JSON text, which the recording keeps only of arrays.
fn inspected(data: &Data) -> Value {
    match data {
        Data::Array(_) => json!(data.to_string()),
        data => json!(data),
    }
}

fn data(value: &Value) -> Data {
    serde_json::from_value(value.clone()).expect("JSON is data")
}
