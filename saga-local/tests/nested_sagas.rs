//! Sagas that run sagas, and people who are asked, as the compiler emits them and the engine runs them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pretty_assertions::assert_eq;
use saga_asl::data::Data;
use saga_compiler::{Architecture, Definitions, Options, approval};
use saga_engine::execution::{Effect, Event, Execution, Status};
use saga_engine::fault::Failure;
use saga_engine::time::Timestamp;
use saga_local::lambda::{self, FunctionError};
use saga_local::saga::{
    Answer, Answers, Backend, Callbacks, Clock, Driver, Ended, Ending, Fault, Faults, Handlers,
    Prepared, Working,
};
use saga_local::services::Embedded;
use saga_manifest::{Manifest, VERSION};
use serde_json::{Value, json};

/// 2026-01-01T00:00:00Z
const BEGINNING: Timestamp = Timestamp(1_767_225_600_000);

/// Functions that remember under which instance they worked, and answer with what they were given.
#[derive(Default)]
struct Functions {
    worked: Mutex<Vec<(String, Value)>>,
}

impl Handlers for Functions {
    fn invoke<'a>(
        &'a self,
        _: &'a str,
        event: &'a Value,
        _: lambda::Answer,
    ) -> Working<'a, Result<Value, FunctionError>> {
        let saga = &event["saga"];
        let text = |name: &str| saga[name].as_str().unwrap().to_owned();
        let told = format!("{} {}", text("phase"), text("step"));
        assert_eq!(
            text("id"),
            "arn:aws:states:us-east-1:123456789012:execution:Trip:test"
        );
        let mut worked = self.worked.lock().unwrap();
        worked.push((told, event["input"].clone()));
        Box::pin(async { Ok(json!({ "id": "42" })) })
    }
}

fn place() -> Value {
    json!({ "file": "src/saga.rs", "line": 1, "column": 1 })
}

fn call(task: Value, timeout: u32) -> Value {
    json!({ "task": task, "errors": [], "timeout_seconds": timeout })
}

fn work(handler: &str) -> Value {
    call(
        json!({ "integration": "lambda", "handler": handler, "input": "input" }),
        10,
    )
}

fn step(name: &str, kind: Value, call: Value) -> Value {
    json!({ "step": { "name": name, "place": place(), "kind": kind, "call": call } })
}

fn undone(name: &str, call: Value) -> Value {
    let undo = work(&format!("Revert{name}"));
    step(
        name,
        json!({ "compensatable": { "compensation": undo } }),
        call,
    )
}

fn saga(name: &str, steps: &[Value], output: &str) -> Value {
    let data = json!({ "schema": {} });
    json!({
        "name": name, "place": place(), "input": data, "output": data, "notifications": [],
        "body": { "nodes": steps, "end": { "complete": { "output": output } } },
    })
}

/// `Trip`: `First`, then `Booking`, which runs `Book`: `Hotel`, then `Car`; then the pivot `Pay`.
fn nested() -> Manifest {
    let input = json!({ "object": [{ "name": "city", "value": { "literal": "Kyoto" } }] });
    let run = json!({ "integration": "saga", "saga": "Book", "input": input });
    let trip = [
        undone("First", work("First")),
        undone("Booking", call(run, 600)),
        step("Pay", json!("pivot"), work("Pay")),
    ];
    let book = [undone("Hotel", work("Hotel")), undone("Car", work("Car"))];
    package(&[saga("Trip", &trip, "Booking"), saga("Book", &book, "Car")])
}

/// `Trip`: `First`, then `Ask`, which a person answers, then the pivot `Pay`.
fn asking(unanswered: Value) -> Manifest {
    let request = json!({ "object": [{ "name": "city", "value": { "literal": "Kyoto" } }] });
    let ask = json!({
        "integration": "approval", "channel": { "queue": "Desk" }, "request": request,
        "unanswered": unanswered,
    });
    let mut ask = call(ask, 3_600);
    ask["errors"] = json!([{ "name": "TooDear", "outcome": "not-done" }]);
    let trip = [
        undone("First", work("First")),
        step("Ask", json!("read-only"), ask),
        step("Pay", json!("pivot"), work("Pay")),
    ];
    package(&[saga("Trip", &trip, "Ask")])
}

fn package(sagas: &[Value]) -> Manifest {
    let text = json!(sagas).to_string();
    let names = text.split("\"handler\":\"").skip(1);
    let names: BTreeSet<_> = names.filter_map(|rest| rest.split('"').next()).collect();
    let data = json!({ "schema": {} });
    let handlers = names.into_iter().map(|name| {
        json!({ "name": name, "place": place(), "input": data, "output": data, "timeout_seconds": 10 })
    });
    let queue = json!({
        "name": "Desk", "place": place(), "origin": "created", "visibility_timeout_seconds": 30,
        "retention_seconds": 600,
    });
    let manifest = json!({
        "version": VERSION, "handlers": handlers.collect::<Vec<_>>(), "tables": [], "topics": [],
        "queues": [queue], "sagas": sagas,
    });
    Manifest::read(&manifest.to_string()).unwrap()
}

struct Told {
    ended: Ended,
    worked: Vec<(String, Value)>,
    services: Embedded,
}

impl Told {
    fn worked(&self) -> Vec<&str> {
        self.worked.iter().map(|(what, _)| what.as_str()).collect()
    }

    fn output(&self) -> Value {
        serde_json::to_value(self.ended.outcome.output.as_ref().unwrap()).unwrap()
    }
}

fn prepared(manifest: &Manifest) -> Prepared {
    let options = Options {
        package: "test".into(),
        code_uri: ".".into(),
        binary: "test".into(),
        architecture: Architecture::default(),
        definitions: Definitions::default(),
    };
    let compiled = saga_compiler::compile(manifest, &options).unwrap_or_else(|mistakes| {
        panic!(
            "{}",
            mistakes.iter().map(ToString::to_string).collect::<String>()
        )
    });
    let none = BTreeMap::new();
    let first = &compiled.definitions[0];
    let alone = Prepared::new(manifest, &first.saga, &first.machine, &none).unwrap();
    let all = compiled
        .definitions
        .iter()
        .try_fold(alone, |saga, definition| {
            saga.with_machine(manifest, &definition.saga, &definition.machine)
        });
    all.unwrap()
}

/// What runs the saga with these faults, against these functions and services.
fn driver(
    saga: &Prepared,
    faulty: &[(&str, Fault)],
    functions: &Arc<Functions>,
    services: &Embedded,
) -> Driver {
    let mut faults = Faults::default();
    for (state, fault) in faulty {
        faults.add(state, fault.clone(), &saga.tasks).unwrap();
    }
    Driver {
        backend: Backend {
            handlers: Arc::clone(functions) as Arc<dyn Handlers>,
            services: Arc::new(services.clone()),
        },
        faults,
        answers: Answers::default(),
        callbacks: Callbacks::default(),
        clock: Clock::Virtual(BEGINNING),
        execution: "test".into(),
        seed: 7,
    }
}

fn input() -> Data {
    serde_json::from_value(json!({ "id": 1 })).unwrap()
}

async fn run(manifest: &Manifest, faulty: &[(&str, Fault)], answer: Option<Answer>) -> Told {
    let saga = prepared(manifest);
    let functions = Arc::new(Functions::default());
    let services = Embedded::of(manifest);
    let mut driver = driver(&saga, faulty, &functions, &services);
    if let Some(answer) = answer {
        let after = Duration::from_secs(60);
        let known = &saga.callbacks;
        driver.answers.add("Ask", answer, after, known).unwrap();
    }
    let (_running, stop) = tokio::sync::watch::channel(false);
    let ended = driver.run(&saga, input(), stop, &mut |_| ()).await.unwrap();
    let worked = functions.worked.lock().unwrap().clone();
    Told {
        ended,
        worked,
        services,
    }
}

#[tokio::test]
async fn a_nested_saga_works_under_the_sagas_id_and_the_steps_instance() {
    let told = run(&nested(), &[], None).await;
    assert_eq!(told.ended.ending, Ending::Completed);
    assert_eq!(
        told.worked(),
        ["do First", "do Booking/Hotel", "do Booking/Car", "do Pay"]
    );
    assert_eq!(told.output(), json!({ "id": "42" }));
    // What the caller adds is no part of the input.
    assert_eq!(told.worked[1].1, json!({ "city": "Kyoto" }));
    let [child] = told.ended.nested.as_slice() else {
        panic!("{:?}", told.ended.nested)
    };
    let name = child.arn.rsplit(':').next().unwrap();
    assert!(
        name.len() <= 80 && name.starts_with("Book-") && name.ends_with("-0"),
        "{name}"
    );
    assert!(
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
        "{name}"
    );
}

/// A nested saga that undid itself was not done: its caller undoes what came before it.
#[tokio::test]
async fn a_nested_saga_that_has_undone_itself_is_not_undone_again() {
    let fault = ("Book/Car", Fault::Fail("Gone".into()));
    let told = run(&nested(), &[fault], None).await;
    assert_eq!(told.ended.ending, Ending::Compensated);
    let worked = [
        "do First",
        "do Booking/Hotel",
        "undo Booking/Car",
        "undo Booking/Hotel",
        "undo First",
    ];
    assert_eq!(told.worked(), worked);
}

/// One that was completed is undone by what its caller says, when a later step fails.
#[tokio::test]
async fn a_nested_saga_that_is_completed_is_undone_by_its_compensation() {
    let mut manifest = nested();
    let mut text = serde_json::to_value(&manifest).unwrap();
    let pay = &mut text["sagas"][0]["body"]["nodes"][2]["step"]["call"];
    pay["errors"] = json!([{ "name": "Refused", "outcome": "not-done" }]);
    manifest = Manifest::read(&text.to_string()).unwrap();
    let fault = ("Pay", Fault::Fail("Refused".into()));
    let told = run(&manifest, &[fault], None).await;
    assert_eq!(told.ended.ending, Ending::Compensated);
    let worked = [
        "do First",
        "do Booking/Hotel",
        "do Booking/Car",
        "undo Booking",
        "undo First",
    ];
    assert_eq!(told.worked(), worked);
}

/// One whose undo is parked is not passed over: its caller is parked too, and undoes nothing.
#[tokio::test]
async fn a_nested_saga_that_is_parked_parks_its_caller() {
    let fail = |error: &str| Fault::Fail(error.into());
    let faults = [("Book/Car", fail("Gone")), ("Book/UndoHotel", fail("Down"))];
    let told = run(&nested(), &faults, None).await;
    assert_eq!(told.ended.ending, Ending::Parked);
    assert_eq!(
        told.worked(),
        ["do First", "do Booking/Hotel", "undo Booking/Car"]
    );
    let cause = told
        .ended
        .outcome
        .failure
        .as_ref()
        .unwrap()
        .cause
        .as_deref();
    assert!(
        cause
            .unwrap()
            .contains("see to that one, then redrive this one"),
        "{cause:?}"
    );
}

/// The nested saga was completed, and nobody heard of it. Run again, it would read otherwise, do nothing and say
/// that it has undone itself, while its first execution's steps stand.
#[tokio::test]
async fn what_a_nested_saga_did_is_not_lost_where_it_would_go_another_way_now() {
    let mut manifest = nested();
    let mut text = serde_json::to_value(&manifest).unwrap();
    let quote = step("Quote", json!("read-only"), work("Hotel"));
    let book = text["sagas"][1]["body"]["nodes"].as_array_mut().unwrap();
    book.insert(0, quote);
    manifest = Manifest::read(&text.to_string()).unwrap();
    let saga = prepared(&manifest);
    let functions = Arc::new(Functions::default());
    let services = Embedded::of(&manifest);
    let (_running, stop) = tokio::sync::watch::channel(false);
    let lost = driver(&saga, &[("Booking", Fault::Crash)], &functions, &services);
    let ended = lost.run(&saga, input(), stop.clone(), &mut |_| ()).await;
    let ended = ended.unwrap();
    assert_eq!(ended.ending, Ending::Parked);
    let unreadable = [("Book/Quote", Fault::Fail("Gone".into()))];
    let again = driver(&saga, &unreadable, &functions, &services);
    let ended = again
        .redrive(&saga, ended, stop, &mut |_| ())
        .await
        .unwrap();
    assert_eq!(ended.ending, Ending::Completed);
    assert_eq!(ended.nested.len(), 1);
    let worked = functions.worked.lock().unwrap();
    let worked: Vec<&str> = worked.iter().map(|(what, _)| what.as_str()).collect();
    let did = [
        "do First",
        "do Booking/Quote",
        "do Booking/Hotel",
        "do Booking/Car",
        "do Pay",
    ];
    assert_eq!(worked, did);
}

#[tokio::test]
async fn a_question_is_answered_by_its_code() {
    let yes = Answer::Succeed(Data::parse(r#"{"by":"Ann"}"#).unwrap());
    let told = run(&asking(json!(null)), &[], Some(yes)).await;
    assert_eq!(told.ended.ending, Ending::Completed);
    assert_eq!(told.output(), json!({ "by": "Ann" }));
    let contents = told.services.contents();
    let message = &contents.queues["Desk"][0].body;
    assert_eq!(message["request"], json!({ "city": "Kyoto" }));
    let code = message["answer"]["code"].as_str().unwrap();
    assert_eq!(
        message["answer"]["command"],
        format!("saga-cli approve {code}")
    );
    let token = approval::decode(code).unwrap();
    assert_eq!(approval::encode(&token), code);
}

#[tokio::test]
async fn no_answer_and_a_no_are_known_failures() {
    let no = Answer::Fail(Failure::new("TooDear", "over the limit"));
    for answer in [Some(no), None] {
        let told = run(&asking(json!(null)), &[], answer).await;
        assert_eq!(told.ended.ending, Ending::Compensated);
        assert_eq!(told.worked(), ["do First", "undo First"]);
    }
}

#[tokio::test]
async fn an_answer_of_the_authors_own_lets_the_saga_go_on() {
    let told = run(&asking(json!({ "literal": { "by": "nobody" } })), &[], None).await;
    assert_eq!(told.ended.ending, Ending::Completed);
    assert_eq!(told.output(), json!({ "by": "nobody" }));
    assert_eq!(told.worked(), ["do First", "do Pay"]);
}

/// Redrives an execution: the states that call something, where running a saga, or asking about one, gives what
/// is told.
fn redriven(execution: &mut Execution, ran: &[(&str, Result<&str, &str>)]) -> Vec<String> {
    let now = Timestamp(BEGINNING.0 + 86_400_000);
    assert!(execution.redrive(now));
    let mut called = Vec::new();
    while let Some(effect) = execution.take_effects().into_iter().next() {
        let Effect::Invoke(call) = effect else {
            continue;
        };
        called.push(call.state.to_string());
        let answer = |text: &str| Event::TaskSucceeded(call.task, Data::parse(text).unwrap());
        let told = ran
            .iter()
            .find(|(action, _)| call.resource.contains(action));
        let event = match told {
            Some((_, Ok(output))) => answer(output),
            Some((_, Err(error))) => Event::TaskFailed(call.task, Failure::new(*error, "")),
            None => answer(r#"{"Payload": {}}"#),
        };
        execution.handle(event, now);
    }
    called
}

/// What is said of the execution of the saga, or how asking about it fails; the states that call something then;
/// and how the caller ends, if it does.
type Case<'c> = (
    &'c [(&'c str, Result<&'c str, &'c str>)],
    &'c [&'c str],
    Status,
);

/// An operator's way out: the child first, then its caller, whose next state depends on the child's end. A child
/// that was started once is never started again.
#[tokio::test]
async fn a_redrive_goes_on_or_back_when_the_nested_saga_has_settled() {
    const LOOK: &str = "describeExecution";
    const START: &str = "startExecution";
    let early = [
        Ok(r#"{"Error":"Down","Cause":"down","Status":"FAILED"}"#),
        Ok(r#"{"Status":"RUNNING"}"#),
        Ok(r#"{"Status":"ABORTED"}"#),
    ];
    let done = [(LOOK, Ok(r#"{"Status":"SUCCEEDED","Output":"7"}"#))];
    let undone = [(LOOK, Ok(r#"{"Status":"FAILED","Error":"SagaCompensated"}"#))];
    let missing = Err("Sfn.ExecutionDoesNotExistException");
    let never = [(LOOK, missing), (START, Ok(r#"{"Output": 7}"#))];
    let cases: [Case<'_>; 3] = [
        (&done, &["BookingParked:Look", "Pay"], Status::Succeeded),
        (
            &undone,
            &["BookingParked:Look", "UndoFirst"],
            Status::Failed,
        ),
        (
            &never,
            &["BookingParked:Look", "BookingParked:Again", "Pay"],
            Status::Succeeded,
        ),
    ];
    for (ran, states, status) in cases {
        let fail = |error: &str| Fault::Fail(error.into());
        let faults = [("Book/Car", fail("Gone")), ("Book/UndoHotel", fail("Down"))];
        let mut execution = run(&nested(), &faults, None).await.ended.execution;
        // Too early: the child has not come to its end, and its caller is parked as often as that is so.
        for told in early {
            let called = redriven(&mut execution, &[(LOOK, told)]);
            assert!(
                called.iter().all(|state| state == "BookingParked:Look"),
                "{called:?}"
            );
            let failure = execution.outcome().unwrap().failure.clone().unwrap();
            assert_eq!(
                failure.error.as_deref(),
                Some("States.QueryEvaluationError")
            );
        }
        assert_eq!(redriven(&mut execution, ran), states);
        let outcome = execution.outcome().unwrap();
        assert_eq!(outcome.status, status, "{outcome:?}");
        let error = outcome
            .failure
            .as_ref()
            .and_then(|failure| failure.error.as_deref());
        let compensated = (status == Status::Failed).then_some("SagaCompensated");
        assert_eq!(error, compensated);
    }
}
