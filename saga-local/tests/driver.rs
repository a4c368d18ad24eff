//! The driver of a package's sagas on definitions written by hand: what the compiler emits for nested sagas,
//! approvals, maps and branches.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pretty_assertions::assert_eq;
use saga_asl::data::Data;
use saga_asl::json;
use saga_asl::model::StateMachine;
use saga_engine::execution::Status;
use saga_engine::fault::Failure;
use saga_engine::history::Detail;
use saga_engine::time::Timestamp;
use saga_local::lambda::{self, FunctionError};
use saga_local::saga::{
    Answer, Answers, Backend, CallbackError, Callbacks, Clock, Driver, Ended, Fault, Faults,
    Handlers, Prepared, RunError, Seen, Working,
};
use saga_local::services::Embedded;
use saga_manifest::{Manifest, VERSION};
use serde_json::{Value, json};

/// 2026-01-01T00:00:00Z
const BEGINNING: Timestamp = Timestamp(1_767_225_600_000);

const ARNS: &str = "arn:aws:states:us-east-1:123456789012";

/// Functions that remember what they were sent, and answer it: `fail` fails, `answer` returns the token that
/// it was sent.
#[derive(Default)]
struct Functions {
    sent: Mutex<Vec<Value>>,
    callbacks: Callbacks,
}

impl Handlers for Functions {
    fn invoke<'a>(
        &'a self,
        function: &'a str,
        event: &'a Value,
        _: lambda::Answer,
    ) -> Working<'a, Result<Value, FunctionError>> {
        self.sent.lock().unwrap().push(event.clone());
        let answered = match function {
            "fail" => Err(FunctionError {
                name: "Refused".into(),
                cause: "no".into(),
            }),
            "answer" => {
                let token = event["token"].as_str().unwrap();
                self.callbacks.heartbeat(token).unwrap();
                self.callbacks
                    .succeed(token, Data::from("approved"))
                    .unwrap();
                Ok(json!(null))
            }
            _ => Ok(event.clone()),
        };
        Box::pin(async move { answered })
    }
}

/// A package of state machines written by hand. The first one is run.
struct Story {
    machines: Vec<(&'static str, Value)>,
    faults: Vec<(&'static str, Fault)>,
    answers: Vec<(&'static str, Answer, u64)>,
    /// Whether what ended is redriven, without faults.
    redriven: bool,
}

/// What came of it.
struct Told {
    ended: Ended,
    services: Embedded,
    sent: Vec<Value>,
    callbacks: Callbacks,
}

fn story(machine: Value) -> Story {
    Story {
        machines: vec![("Trip", machine)],
        faults: Vec::new(),
        answers: Vec::new(),
        redriven: false,
    }
}

impl Story {
    fn with(mut self, name: &'static str, machine: Value) -> Self {
        self.machines.push((name, machine));
        self
    }

    fn fault(mut self, state: &'static str, fault: Fault) -> Self {
        self.faults.push((state, fault));
        self
    }

    fn answer(mut self, state: &'static str, answer: Answer, after: u64) -> Self {
        self.answers.push((state, answer, after));
        self
    }

    fn redriven(mut self) -> Self {
        self.redriven = true;
        self
    }

    fn manifest(&self) -> Manifest {
        let place = json!({ "file": "src/saga.rs", "line": 1, "column": 1 });
        let data = json!({ "schema": {} });
        let saga = |(name, _): &(&str, Value)| {
            json!({
                "name": name, "place": place, "input": data, "output": data, "notifications": [],
                "body": { "nodes": [], "end": { "complete": { "literal": null } } },
            })
        };
        let queue = json!({
            "name": "Asked", "place": place, "origin": "created", "visibility_timeout_seconds": 30,
            "retention_seconds": 600, "subscriptions": [],
        });
        let manifest = json!({
            "version": VERSION, "handlers": [], "tables": [], "topics": [], "queues": [queue],
            "sagas": self.machines.iter().map(saga).collect::<Vec<_>>(),
        });
        Manifest::read(&manifest.to_string()).unwrap()
    }

    fn prepared(&self, manifest: &Manifest) -> Prepared {
        let machine =
            |value: &Value| StateMachine::from_value(&json::Value::from(value.clone())).unwrap();
        let (name, first) = &self.machines[0];
        let none = BTreeMap::new();
        let alone = Prepared::new(manifest, name, &machine(first), &none).unwrap();
        let mut all = self.machines.iter();
        all.try_fold(alone, |saga, (name, value)| {
            saga.with_machine(manifest, name, &machine(value))
        })
        .unwrap()
    }

    async fn try_run(self, input: Value) -> Result<Told, RunError> {
        let manifest = self.manifest();
        let saga = self.prepared(&manifest);
        let mut faults = Faults::default();
        for (state, fault) in self.faults {
            faults.add(state, fault, &saga.tasks).unwrap();
        }
        let mut answers = Answers::default();
        for (state, answer, after) in self.answers {
            let after = Duration::from_secs(after);
            answers.add(state, answer, after, &saga.callbacks).unwrap();
        }
        let services = Embedded::of(&manifest);
        let callbacks = Callbacks::default();
        let functions = Arc::new(Functions {
            callbacks: callbacks.clone(),
            ..Functions::default()
        });
        let driver = |faults| Driver {
            backend: Backend {
                handlers: Arc::clone(&functions) as Arc<dyn Handlers>,
                services: Arc::new(services.clone()),
            },
            faults,
            answers: answers.clone(),
            callbacks: callbacks.clone(),
            clock: Clock::Virtual(BEGINNING),
            execution: "test".into(),
            seed: 7,
        };
        let (_running, stop) = tokio::sync::watch::channel(false);
        let input: Data = serde_json::from_value(input).unwrap();
        let mut seen = |_: Seen<'_>| ();
        let first = driver(faults).run(&saga, input, stop.clone(), &mut seen);
        let mut ended = first.await?;
        if self.redriven {
            let again = driver(Faults::default());
            ended = again.redrive(&saga, ended, stop, &mut seen).await?;
        }
        // What nobody waits for is delivered meanwhile.
        tokio::time::sleep(Duration::from_millis(20)).await;
        // On a busy machine its time has come with this one's: it goes first.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let sent = functions.sent.lock().unwrap().clone();
        Ok(Told {
            ended,
            services,
            sent,
            callbacks,
        })
    }

    async fn run(self, input: Value) -> Told {
        self.try_run(input).await.unwrap()
    }
}

impl Told {
    fn output(&self) -> Value {
        let outcome = &self.ended.outcome;
        let output = outcome.output.as_ref();
        serde_json::to_value(output.unwrap_or_else(|| panic!("{outcome:?}"))).unwrap()
    }

    fn failure(&self) -> (&str, &str) {
        let outcome = &self.ended.outcome;
        let failure = outcome.failure.as_ref();
        let failure = failure.unwrap_or_else(|| panic!("{outcome:?}"));
        (
            failure.error.as_deref().unwrap_or_default(),
            failure.cause.as_deref().unwrap_or_default(),
        )
    }

    fn events(&self) -> Vec<String> {
        let history = self.ended.execution.history().iter();
        history.map(|event| event.detail.event_type()).collect()
    }

    /// Seconds from the first to the last event.
    fn seconds(&self) -> i64 {
        let history = self.ended.execution.history();
        history.last().unwrap().at.since(history[0].at) / 1000
    }
}

fn machine(states: Value) -> Value {
    let start = states.as_object().unwrap().keys().next().unwrap().clone();
    json!({ "QueryLanguage": "JSONata", "StartAt": start, "States": states })
}

/// A state that starts the state machine `Ship`.
fn start(action: &str, arguments: Value) -> Value {
    let mut all = json!({ "StateMachineArn": "${ShipStateMachineArn}" });
    all.as_object_mut()
        .unwrap()
        .extend(arguments.as_object().unwrap().clone());
    json!({
        "Type": "Task", "Resource": format!("arn:aws:states:::states:{action}"),
        "Arguments": all, "TimeoutSeconds": 600, "End": true,
    })
}

fn function(name: &str, payload: Value) -> Value {
    json!({
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {
            "FunctionName": format!("arn:aws:lambda:us-east-1:123456789012:function:{name}"),
            "Payload": payload,
        },
        "Output": "{% $states.result.Payload %}", "End": true,
    })
}

/// A state that asks in a queue and waits for the token.
fn approval() -> Value {
    json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {
            "QueueUrl": "${AskedQueueUrl}",
            "MessageBody": { "token": "{% $states.context.Task.Token %}" },
        },
        "TimeoutSeconds": 3600, "End": true,
    })
}

fn ship(state: Value) -> Value {
    machine(json!({ "Pack": state }))
}

#[tokio::test]
async fn a_nested_saga_ends_before_its_caller_goes_on() {
    let caller = start(
        "startExecution.sync:2",
        json!({ "Name": "one", "Input": { "a": 1 } }),
    );
    let story = story(machine(json!({ "Ship": caller })));
    let told = story
        .with("Ship", ship(function("echo", json!("{% $states.input %}"))))
        .run(json!({}))
        .await;
    let milliseconds = BEGINNING.0;
    let expected = json!({
        "ExecutionArn": format!("{ARNS}:execution:Ship:one"),
        "Input": { "a": 1 }, "InputDetails": { "Included": true }, "Name": "one",
        "Output": { "a": 1 }, "OutputDetails": { "Included": true },
        "RedriveCount": 0, "RedriveStatus": "NOT_REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "StartDate": milliseconds, "StateMachineArn": format!("{ARNS}:stateMachine:Ship"),
        "Status": "SUCCEEDED", "StopDate": milliseconds,
    });
    assert_eq!(told.output(), expected);
    let events = [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(told.events(), events);
    assert_eq!(told.ended.nested.len(), 1);
    assert_eq!(
        told.ended.nested[0].arn,
        format!("{ARNS}:execution:Ship:one")
    );
}

#[tokio::test]
async fn without_sync_2_input_and_output_are_text() {
    let caller = start("startExecution.sync", json!({ "Input": { "a": 1 } }));
    let story = story(machine(json!({ "Ship": caller })));
    let told = story
        .with("Ship", ship(function("echo", json!("{% $states.input %}"))))
        .run(json!({}))
        .await;
    assert_eq!(told.output()["Input"], r#"{"a":1}"#);
    assert_eq!(told.output()["Output"], r#"{"a":1}"#);
}

#[tokio::test]
async fn a_failed_nested_saga_fails_its_caller_with_its_description() {
    let caller = start("startExecution.sync:2", json!({ "Name": "one" }));
    let story = story(machine(json!({ "Ship": caller })));
    let told = story
        .with("Ship", ship(function("fail", json!(1))))
        .run(json!({}))
        .await;
    let (error, cause) = told.failure();
    assert_eq!(error, "States.TaskFailed");
    let milliseconds = BEGINNING.0;
    let expected = [
        r#"{"Cause":"no","Error":"Refused","ExecutionArn":"ARNS:execution:Ship:one","Input":"{}","#,
        r#""InputDetails":{"Included":true},"Name":"one","RedriveCount":0,"RedriveStatus":"REDRIVABLE","#,
        r#""StartDate":NOW,"StateMachineArn":"ARNS:stateMachine:Ship","Status":"FAILED","StopDate":NOW}"#,
    ];
    let expected = expected.concat().replace("ARNS", ARNS);
    let expected = expected.replace("NOW", &milliseconds.to_string());
    assert_eq!(cause, expected);
}

#[tokio::test]
async fn a_name_stands_for_one_execution() {
    // A retry after the nested saga ended meets its name.
    let mut caller = start("startExecution.sync:2", json!({ "Name": "one" }));
    caller["Retry"] = json!([{ "ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1 }]);
    let story = story(machine(json!({ "Ship": caller })));
    let told = story
        .with("Ship", ship(function("fail", json!(1))))
        .run(json!({}))
        .await;
    let (error, cause) = told.failure();
    assert_eq!(error, "StepFunctions.ExecutionAlreadyExistsException");
    let arn = format!("{ARNS}:execution:Ship:one");
    assert!(
        cause.starts_with(&format!(
            "Execution Already Exists: '{arn}' (Service: AWSStepFunctions;"
        )),
        "{cause}"
    );
    assert_eq!(told.ended.nested.len(), 1);
}

#[tokio::test]
async fn a_machine_that_is_not_there_is_refused_as_aws_words_it() {
    let arn = format!("{ARNS}:stateMachine:Nowhere");
    let caller = start("startExecution", json!({ "StateMachineArn": arn }));
    let told = story(machine(json!({ "Ship": caller })))
        .with("Ship", ship(approval()))
        .run(json!({}))
        .await;
    let (error, cause) = told.failure();
    assert_eq!(error, "StepFunctions.StateMachineDoesNotExistException");
    let words = format!(
        "State Machine Does Not Exist: '{arn}' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: "
    );
    assert!(cause.starts_with(&words), "{cause}");
}

#[tokio::test]
async fn what_nobody_waits_for_runs_to_its_end_all_the_same() {
    let caller = start("startExecution", json!({}));
    let story = story(machine(json!({ "Ship": caller })));
    let wait = json!({ "Type": "Wait", "Seconds": 60, "Next": "Pack" });
    let child = machine(json!({ "Idle": wait, "Pack": function("echo", json!(5)) }));
    let told = story.with("Ship", child).run(json!({})).await;
    assert_eq!((told.seconds(), told.sent), (0, vec![json!(5)]));
    assert_eq!(
        told.ended.nested[0].execution.outcome().unwrap().status,
        Status::Succeeded
    );
}

#[tokio::test]
async fn a_caller_that_times_out_stops_what_it_started() {
    let mut caller = start("startExecution.sync:2", json!({}));
    caller["TimeoutSeconds"] = json!(30);
    let story = story(machine(json!({ "Ship": caller })));
    let told = story.with("Ship", ship(approval())).run(json!({})).await;
    assert_eq!((told.failure().0, told.seconds()), ("States.Timeout", 30));
    assert_eq!(
        told.ended.nested[0].execution.outcome().unwrap().status,
        Status::Aborted
    );
    assert_eq!(told.callbacks.waiting(), []);
}

#[tokio::test]
async fn faults_hit_nested_sagas_and_the_calls_of_them() {
    let run = async |state, fault| {
        let caller = start("startExecution.sync:2", json!({}));
        let story = story(machine(json!({ "Ship": caller }))).fault(state, fault);
        let told = story
            .with("Ship", ship(function("echo", json!(5))))
            .run(json!({}))
            .await;
        let status = told.ended.outcome.status;
        (status, told.sent.len(), told.ended.nested.len())
    };
    let failed = Fault::Fail("Broken".into());
    for (state, fault, expected) in [
        ("Ship/Pack", failed.clone(), (Status::Failed, 0, 1)),
        ("Pack", failed.clone(), (Status::Failed, 0, 1)),
        ("Ship", failed, (Status::Failed, 0, 0)),
        ("Ship", Fault::Timeout, (Status::Failed, 1, 1)),
        ("Ship", Fault::Crash, (Status::Failed, 1, 1)),
        ("Ship", Fault::Duplicate, (Status::Succeeded, 2, 2)),
        ("Pack", Fault::Duplicate, (Status::Succeeded, 2, 1)),
    ] {
        assert_eq!(
            run(state, fault.clone()).await,
            expected,
            "{state} {fault:?}"
        );
    }
}

#[tokio::test]
async fn a_token_that_does_not_come_back_times_out() {
    let told = story(machine(json!({ "Approve": approval() })))
        .run(json!({}))
        .await;
    assert_eq!((told.failure().0, told.seconds()), ("States.Timeout", 3600));
    let asked = &told.services.contents().queues["Asked"][0].body;
    let token = asked["token"].as_str().unwrap();
    // Whoever comes too late is told so.
    assert_eq!(
        told.callbacks.succeed(token, Data::Null),
        Err(CallbackError::TaskTimedOut)
    );
    assert_eq!(
        told.callbacks.succeed("x", Data::Null),
        Err(CallbackError::InvalidToken)
    );
    let events = [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskTimedOut",
        "ExecutionFailed",
    ];
    assert_eq!(told.events(), events);
}

#[tokio::test]
async fn answers_end_the_wait_when_they_come() {
    let run = async |answer: Answer, after, heartbeat: Option<u32>| {
        let mut approval = approval();
        if let Some(seconds) = heartbeat {
            approval["HeartbeatSeconds"] = json!(seconds);
        }
        let story = story(machine(json!({ "Approve": approval })));
        let told = story.answer("Approve", answer, after).run(json!({})).await;
        let outcome = &told.ended.outcome;
        let failure = outcome.failure.as_ref();
        let told_error = failure.and_then(|failure| failure.error.as_deref().map(str::to_owned));
        (
            outcome.output.as_ref().map(ToString::to_string),
            told_error,
            told.seconds(),
        )
    };
    let yes = || Answer::Succeed(Data::from("yes"));
    let no = Answer::Fail(Failure::new("Denied", "too dear"));
    let output = Some(r#""yes""#.to_owned());
    let error = |name: &str| Some(name.to_owned());
    assert_eq!(run(yes(), 0, None).await, (output.clone(), None, 0));
    assert_eq!(run(yes(), 90, None).await, (output, None, 90));
    assert_eq!(run(no, 5, None).await, (None, error("Denied"), 5));
    assert_eq!(
        run(yes(), 4000, None).await,
        (None, error("States.Timeout"), 3600)
    );
    assert_eq!(
        run(yes(), 90, Some(10)).await,
        (None, error("States.Timeout"), 10)
    );
}

#[tokio::test]
async fn a_function_returns_the_token_that_it_was_sent() {
    let mut state = function(
        "answer",
        json!({ "token": "{% $states.context.Task.Token %}" }),
    );
    state["Resource"] = json!("arn:aws:states:::lambda:invoke.waitForTaskToken");
    state["Output"] = json!("{% $states.result %}");
    state["HeartbeatSeconds"] = json!(5);
    state["TimeoutSeconds"] = json!(60);
    let told = story(machine(json!({ "Ask": state }))).run(json!({})).await;
    assert_eq!(told.output(), json!("approved"));
    assert_eq!(told.callbacks.waiting(), []);
}

#[tokio::test]
async fn faults_hit_calls_that_wait_for_a_token() {
    for (fault, answered, asked) in [
        (Fault::Fail("Broken".into()), "Broken", 0),
        (Fault::Timeout, "States.Timeout", 1),
        (Fault::Crash, "SQS.InternalError", 1),
        (Fault::Duplicate, "", 2),
    ] {
        let story = story(machine(json!({ "Approve": approval() })));
        let answer = Answer::Succeed(Data::Null);
        let told = story
            .fault("Approve", fault.clone())
            .answer("Approve", answer, 1)
            .run(json!({}))
            .await;
        let failure = told.ended.outcome.failure.as_ref();
        let error = failure
            .and_then(|failure| failure.error.as_deref())
            .unwrap_or_default();
        let queued = told.services.contents().queues["Asked"].len();
        assert_eq!((error, queued), (answered, asked), "{fault:?}");
    }
}

#[tokio::test]
async fn a_wait_without_any_bound_is_told_apart() {
    let mut approval = approval();
    approval.as_object_mut().unwrap().remove("TimeoutSeconds");
    let stuck = story(machine(json!({ "Approve": approval })))
        .try_run(json!({}))
        .await;
    assert_eq!(stuck.err(), Some(RunError::Stuck));
}

#[tokio::test]
async fn faults_and_answers_find_states_inside_of_maps_and_branches() {
    let each = json!({
        "Type": "Map", "Items": "{% $states.input %}", "Next": "All",
        "ItemProcessor": machine(json!({ "Book": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {
                "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:echo",
                "Payload": "{% $states.input %}",
            },
            "Catch": [{ "ErrorEquals": ["SoldOut"], "Output": "sold out", "Next": "Booked" }],
            "Output": "{% $states.result.Payload %}", "Next": "Booked",
        }, "Booked": { "Type": "Pass", "End": true } })),
    });
    let mut branches = json!({
        "Type": "Parallel", "End": true,
        "Branches": [machine(json!({ "Approve": approval() })), machine(json!({ "Echo": function("echo", json!(9)) }))],
        "Output": { "booked": "{% $states.input %}", "all": "{% $states.result %}" },
    });
    for branch in branches["Branches"].as_array_mut().unwrap() {
        branch.as_object_mut().unwrap().remove("QueryLanguage");
    }
    let mut definition = machine(json!({ "Each": each, "All": branches }));
    definition["States"]["Each"]["ItemProcessor"]
        .as_object_mut()
        .unwrap()
        .remove("QueryLanguage");
    let told = story(definition)
        .fault("Book[1]", Fault::Fail("SoldOut".into()))
        .fault("Echo", Fault::Duplicate)
        .answer("Approve", Answer::Succeed(Data::from("yes")), 20)
        .run(json!(["a", "b", "c"]))
        .await;
    assert_eq!(
        told.output(),
        json!({ "booked": ["a", "sold out", "c"], "all": ["yes", 9] })
    );
    assert_eq!(told.sent, [json!("a"), json!("c"), json!(9), json!(9)]);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_histories() {
    let run = async || {
        let caller = start("startExecution.sync:2", json!({}));
        let story = story(machine(json!({ "Ship": caller })));
        let story = story.answer("Pack", Answer::Succeed(Data::Null), 3);
        let told = story.with("Ship", ship(approval())).run(json!({})).await;
        let arn = told.ended.nested[0].arn.clone();
        let events = told.ended.nested[0].execution.history().iter();
        let tokens: Vec<Data> = events
            .filter_map(|event| match &event.detail {
                Detail::Scheduled { arguments, .. } => Some(arguments.clone()),
                _ => None,
            })
            .collect();
        (arn, tokens)
    };
    assert_eq!(run().await, run().await);
}

#[tokio::test]
async fn what_is_delivered_late_or_again_is_delivered_to_nobody() {
    let soon = Duration::from_millis(5);
    let task = |next: &str| {
        let mut task = function("echo", json!({}));
        task["TimeoutSeconds"] = json!(60);
        task["Next"] = json!(next);
        task.as_object_mut().unwrap().remove("End");
        task
    };
    for (fault, sent, seconds) in [(Fault::Late(soon), 1, 60), (Fault::Stray(soon), 2, 0)] {
        let mut first = task("Second");
        first["Catch"] = json!([{ "ErrorEquals": ["States.Timeout"], "Next": "Second" }]);
        let trip = machine(json!({ "First": first, "Second": { "Type": "Succeed" } }));
        let told = story(trip).fault("First", fault).run(json!({})).await;
        assert_eq!(told.ended.outcome.status, Status::Succeeded);
        assert_eq!((told.sent.len(), told.seconds()), (sent, seconds));
    }
}

#[tokio::test]
async fn a_failed_execution_is_redriven_from_the_state_that_failed() {
    let trip = machine(json!({
        "First": { "Type": "Pass", "Next": "Second" },
        "Second": function("echo", json!("done")),
    }));
    let failing = story(trip.clone()).fault("Second", Fault::Fail("Refused".into()));
    let told = failing.redriven().run(json!({})).await;
    assert_eq!(told.output(), json!("done"));
    let entered = told.events();
    let firsts = entered.iter().filter(|event| *event == "PassStateEntered");
    assert_eq!(firsts.count(), 1);
    assert!(entered.contains(&"ExecutionRedriven".to_owned()));

    let refused = story(trip).redriven().try_run(json!({})).await;
    assert_eq!(refused.err(), Some(RunError::NotRedriven));
}
