//! System B, `examples/fare-collection`: its HTTP routes, its other triggers, and each of its events.

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::command::{Saga, root};
use super::gateway::{Gateway, Request, Response, States, machine_arn};
use super::template::{Template, referred};

fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| Template::of("fare-collection"))
}

fn gateway() -> Gateway {
    Gateway::of(template(), "FareCollectionStarter")
}

fn fare() -> Value {
    json!({
        "customerId": "3 'é\" \\", "fareId": "fare-1", "fareAmount": "$20.00",
        "cc": "tok_card", "expiryDate": "tok_expiry", "cvv": "tok_cvv",
    })
}

fn post(body: &Value, states: &mut States) -> Response {
    let request = Request {
        verb: "POST",
        path: "/fares",
        content_type: "application/json",
        body: &body.to_string(),
        signed: true,
    };
    gateway().answer(&request, states)
}

fn get(execution: &str, states: &mut States) -> Response {
    let request = Request {
        verb: "GET",
        path: &format!("/fares/{execution}"),
        content_type: "application/json",
        body: "",
        signed: true,
    };
    gateway().answer(&request, states)
}

const ADDRESS: &str = "https://abc.execute-api.us-east-1.amazonaws.com/live/fares/fare-1";

#[track_caller]
fn check_accepted(response: &Response) {
    let body = json!({ "execution": "fare-1", "address": ADDRESS });
    let accepted = Response {
        status: 202,
        location: Some(ADDRESS.into()),
        body,
    };
    assert_eq!(*response, accepted);
}

#[test]
fn a_request_starts_an_execution_under_its_business_key_with_the_body_as_its_input() {
    let mut states = States::default();
    check_accepted(&post(&fare(), &mut states));
    let execution = states.only();
    assert_eq!(execution["Name"], "fare-1");
    let input: Value = serde_json::from_str(execution["Input"].as_str().unwrap()).unwrap();
    assert_eq!(input, fare());
}

#[test]
fn a_repeated_request_starts_nothing_and_is_answered_the_same() {
    let mut states = States::default();
    for status in ["RUNNING", "SUCCEEDED", "FAILED"] {
        check_accepted(&post(&fare(), &mut states));
        states.only()["Status"] = status.into();
        check_accepted(&post(&fare(), &mut states));
        assert_eq!(states.started, 1, "{status}");
    }
}

#[test]
fn another_request_of_the_same_key_is_refused() {
    let mut states = States::default();
    post(&fare(), &mut states);
    let mut other = fare();
    other["fareAmount"] = "$25.00".into();
    for status in ["RUNNING", "SUCCEEDED", "FAILED"] {
        states.only()["Status"] = status.into();
        let response = post(&other, &mut states);
        assert_eq!(response.status, 409);
        assert_eq!(response.location.as_deref(), Some(ADDRESS));
        assert_eq!(response.body["execution"], "fare-1");
        assert_eq!(states.started, 1);
    }
}

#[test]
fn a_request_that_is_not_the_sagas_input_is_told_the_field() {
    let with = |field: &str, value: Value| {
        let mut body = fare();
        body[field] = value;
        body
    };
    let mut missing = fare();
    missing.as_object_mut().unwrap().remove("cvv");
    for (body, said) in [
        (missing, "cvv"),
        (with("customerId", 3.into()), "customerId is no text"),
        (with("fareAmount", Value::Null), "fareAmount is no text"),
        (with("fareId", "a/b".into()), "fareId is not 1 to 80"),
        (with("fareId", "".into()), "fareId is not 1 to 80"),
        (
            with("fareId", "a".repeat(81).into()),
            "fareId is not 1 to 80",
        ),
        (json!([]), "object"),
    ] {
        let mut states = States::default();
        let response = post(&body, &mut states);
        assert_eq!(response.status, 400, "{body}");
        let errors = response.body["errors"].to_string();
        assert!(errors.contains(said), "{errors}");
        assert_eq!(states.started, 0, "{body}");
    }
}

#[test]
fn an_address_tells_what_became_of_the_execution() {
    let mut states = States::default();
    post(&fare(), &mut states);
    let mut told = |change: Value| {
        let execution = states.only();
        for (name, value) in change.as_object().unwrap() {
            execution[name] = value.clone();
        }
        let response = get("fare-1", &mut states);
        assert_eq!((response.status, response.location), (200, None));
        response.body
    };
    let running = json!({ "execution": "fare-1", "status": "running" });
    assert_eq!(told(json!({})), running);
    assert_eq!(told(json!({ "Status": "PENDING_REDRIVE" })), running);
    let output = json!({ "fareId": "fare-1", "paymentId": "ch_1", "entryId": "acc_1" });
    let completed = json!({ "Status": "SUCCEEDED", "Output": output.to_string() });
    let expected = json!({ "execution": "fare-1", "status": "completed", "output": output });
    assert_eq!(told(completed), expected);
    let cause = json!({ "step": "MakePayment", "error": "PaymentChargeException", "cause": "{}" });
    let cause = cause.to_string().replace("\"step\":\"MakePayment\",", "");
    let compensated = json!({ "Status": "FAILED", "Error": "SagaCompensated", "Cause": cause });
    let expected = json!({
        "execution": "fare-1", "status": "compensated", "error": "PaymentChargeException",
    });
    assert_eq!(told(compensated), expected);
    for parked in [
        json!({ "Status": "FAILED", "Error": "PaymentRefundException" }),
        json!({ "Status": "ABORTED", "Error": null }),
    ] {
        let expected = json!({ "execution": "fare-1", "status": "parked" });
        assert_eq!(told(parked), expected);
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut states = States::default();
    for execution in ["fare-2", "%22%7D", "é", "a:b"] {
        assert_eq!(get(execution, &mut states).status, 404, "{execution}");
    }
}

#[test]
fn a_service_that_does_not_answer_is_no_answer_about_the_fare() {
    for (action, error) in [
        ("startExecution", "StepFunctions.ThrottlingException"),
        ("startSyncExecution", "ThrottlingException"),
    ] {
        let mut states = States::default();
        states.failing.insert(action, error);
        let response = post(&fare(), &mut states);
        assert_eq!(
            (response.status, response.location),
            (503, None),
            "{action}"
        );
        states.failing.clear();
        check_accepted(&post(&fare(), &mut states));
    }
    let mut states = States::default();
    post(&fare(), &mut states);
    states
        .failing
        .insert("describeExecution", "Sfn.SfnException");
    assert_eq!(get("fare-1", &mut states).status, 503);
}

#[test]
fn nobody_gets_in_unsigned_and_nothing_but_json_gets_through() {
    let mut states = States::default();
    let body = fare().to_string();
    for (signed, content_type, status) in
        [(false, "application/json", 403), (true, "text/plain", 415)]
    {
        let request = Request {
            verb: "POST",
            path: "/fares",
            content_type,
            body: &body,
            signed,
        };
        assert_eq!(gateway().answer(&request, &mut states).status, status);
    }
    assert_eq!(states.started, 0);
}

#[test]
fn requests_are_throttled_and_the_url_is_an_output() {
    let (_, stage) = template()
        .resources("AWS::ApiGateway::Stage")
        .next()
        .unwrap();
    let settings = &stage["MethodSettings"][0];
    assert_eq!(settings["ThrottlingRateLimit"], 20);
    assert_eq!(settings["ThrottlingBurstLimit"], 40);
    let url = template().output("FareCollectionUrl")["Value"]["Fn::Sub"]
        .as_str()
        .unwrap();
    assert!(url.ends_with("/live/fares"), "{url}");
}

/// The actions that a role allows, each with the resource's text.
fn granted(role: &str) -> BTreeSet<(String, String)> {
    let statements = &template().properties(role)["Policies"][0]["PolicyDocument"]["Statement"];
    let statements = statements.as_array().unwrap().iter();
    statements
        .flat_map(|statement| {
            let resource = &statement["Resource"];
            let resource = match referred(resource) {
                Some(id) => id,
                None => resource["Fn::Sub"].as_str().unwrap_or("*").to_owned(),
            };
            let actions = statement["Action"].as_array().unwrap().iter();
            actions.map(move |action| (action.as_str().unwrap().to_owned(), resource.clone()))
        })
        .filter(|(_, resource)| resource != "*")
        .collect()
}

#[test]
fn who_starts_a_saga_may_do_that_and_nothing_else() {
    let executions = |machine: &str| {
        format!(
            "arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:execution:${{{machine}.Name}}:*"
        )
    };
    for (role, expected) in [
        (
            "FareCollectionApiRole",
            vec![(
                "states:StartSyncExecution",
                "FareCollectionStarter".to_owned(),
            )],
        ),
        (
            "FareCollectionStarterRole",
            vec![
                (
                    "states:StartExecution",
                    "FareCollectionStateMachine".to_owned(),
                ),
                (
                    "states:DescribeExecution",
                    executions("FareCollectionStateMachine"),
                ),
            ],
        ),
        (
            "GateCollectionStarterRole",
            vec![
                (
                    "states:StartExecution",
                    "GateCollectionStateMachine".to_owned(),
                ),
                (
                    "states:DescribeExecution",
                    executions("GateCollectionStateMachine"),
                ),
                ("sqs:SendMessage", "GateCollectionNotStarted".to_owned()),
            ],
        ),
        (
            "GateCollectionEventRole",
            vec![("states:StartExecution", "GateCollectionStarter".to_owned())],
        ),
        (
            "GateCollectionPipeRole",
            vec![
                ("sqs:ReceiveMessage", "GateFaresQueue".to_owned()),
                ("sqs:DeleteMessage", "GateFaresQueue".to_owned()),
                ("sqs:GetQueueAttributes", "GateFaresQueue".to_owned()),
                (
                    "states:StartSyncExecution",
                    "GateCollectionStarter".to_owned(),
                ),
            ],
        ),
    ] {
        let expected = expected
            .into_iter()
            .map(|(action, of)| (action.to_owned(), of));
        assert_eq!(granted(role), expected.collect(), "{role}");
    }
}

#[test]
fn an_event_and_a_message_start_an_execution_once() {
    let starter = super::gateway::Starter::of(template(), "GateCollectionStarter");
    let mut states = States::default();
    // What the rule's and the pipe's templates make of them: a pipe hands over a list.
    for input in [json!({ "start": fare() }), json!([{ "start": fare() }])] {
        let ended = starter.run(&input, &mut states);
        assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
        states.only()["Status"] = "SUCCEEDED".into();
    }
    assert_eq!((states.started, states.kept.len()), (1, 0));
    let (arn, execution) = states.executions.first_key_value().unwrap();
    let machine = machine_arn("GateCollectionStateMachine");
    assert_eq!(
        *arn,
        format!(
            "{}:fare-1",
            machine.replace(":stateMachine:", ":execution:")
        )
    );
    let input: Value = serde_json::from_str(execution["Input"].as_str().unwrap()).unwrap();
    assert_eq!(input, fare());
}

#[test]
fn an_event_that_starts_nothing_is_kept_for_an_operator() {
    let starter = super::gateway::Starter::of(template(), "GateCollectionStarter");
    let mut states = States::default();
    starter.run(&json!({ "start": fare() }), &mut states);
    let mut other = fare();
    other["fareAmount"] = "$25.00".into();
    let mut wrong = fare();
    wrong["cc"] = 1.into();
    for (input, message, reason) in [
        (other, "another input", Value::Null),
        (wrong, "not the saga's input", json!(["cc is no text"])),
        (json!({}), "not the saga's input", Value::Null),
    ] {
        let ended = starter.run(&json!({ "start": input }), &mut states);
        assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
        let kept = states.kept.pop().unwrap();
        assert_eq!(kept["input"], input);
        let said = kept["message"].as_str().unwrap();
        assert!(said.contains(message), "{said}");
        assert!(reason.is_null() || kept["reason"] == reason, "{kept}");
    }
    assert_eq!(states.started, 1);
    states.failing.insert("sendMessage", "SQS.SqsException");
    let ended = starter.run(&json!({ "start": {} }), &mut states);
    assert_eq!(ended["status"], "FAILED", "a pipe keeps the message then");
}

#[test]
fn an_event_is_chosen_by_source_and_type_and_has_a_dead_letter_queue() {
    let rule = template().properties("GateCollectionEvent");
    let pattern = json!({ "source": ["com.metro.gates"], "detail-type": ["PassengerPassed"] });
    assert_eq!(rule["EventPattern"], pattern);
    let target = &rule["Targets"][0];
    assert_eq!(
        referred(&target["Arn"]).as_deref(),
        Some("GateCollectionStarter")
    );
    assert_eq!(
        target["InputTransformer"]["InputTemplate"],
        "{\"start\": <detail>}"
    );
    let letters = referred(&target["DeadLetterConfig"]["Arn"]);
    assert_eq!(letters.as_deref(), Some("GateCollectionNotStarted"));
    let policy = template()
        .properties("GateCollectionNotStartedPolicy")
        .to_string();
    assert!(policy.contains("events.amazonaws.com") && policy.contains("aws:SourceArn"));
}

/// Exit code, outcome, and the undo states of each event.
const EVENTS: [(&str, i32, &str, &[&str]); 8] = [
    ("completed", 0, "completed", &[]),
    ("card-refused", 3, "compensated", &[]),
    ("payment-refused", 3, "compensated", &["UndoPreAuthorise"]),
    (
        "account-refused",
        3,
        "compensated",
        &["UndoMakePayment", "UndoPreAuthorise"],
    ),
    (
        "account-unknown",
        3,
        "compensated",
        &["UndoUpdateAccount", "UndoMakePayment", "UndoPreAuthorise"],
    ),
    (
        "void-refused",
        4,
        "parked",
        &["UndoPreAuthorise", "UndoPreAuthoriseParked"],
    ),
    (
        "refund-refused",
        4,
        "parked",
        &["UndoMakePayment", "UndoMakePaymentParked"],
    ),
    (
        "reverse-refused",
        4,
        "parked",
        &["UndoUpdateAccount", "UndoUpdateAccountParked"],
    ),
];

#[test]
fn each_event_ends_as_its_table_says() {
    let events = fs::read_dir(root().join("examples/fare-collection/events")).unwrap();
    assert_eq!(events.count(), EVENTS.len());
    for (event, code, outcome, undone) in EVENTS {
        let input = format!("examples/fare-collection/events/{event}.json");
        let run = "run -p fare-collection --saga FareCollection --json --history --input";
        let ran = Saga::new(&format!("{run} {input}")).run();
        assert_eq!(ran.code, Some(code), "{event}: {}", ran.stderr);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(report["outcome"], outcome, "{event}");
        let events = report["events"].as_array().unwrap().iter();
        let entered = events.filter_map(|event| event["stateEnteredEventDetails"]["name"].as_str());
        let entered: Vec<_> = entered.filter(|name| name.starts_with("Undo")).collect();
        assert_eq!(entered, undone, "{event}");
    }
}
