//! A saga by events, with a process a function: the table's stream leads to the publisher, the bus to the steps. Each event is
//! delivered twice.

use std::collections::BTreeMap;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::bootstrap;
use crate::cloud::Cloud;
use crate::dynamodb::Dynamodb;
use crate::lambda::process::Bootstrap;

/// The saga's id.
const SAGA: &str = "Shipping/17";

/// The functions of the saga.
const FUNCTIONS: [&str; 5] = ["SagaIntake", "SagaPublisher", "Pack", "Unpack", "Send"];

/// What is to happen, and does not.
type Story = fn() -> Result<(), Failed>;

pub fn trials() -> Vec<Trial> {
    let stories: [(&str, Story); 5] = [
        ("a saga by events is completed", completed),
        ("a saga by events is compensated", compensated),
        (
            "a step that may have happened waits for an operator",
            parked,
        ),
        ("a lost record is caught up at its deadline", caught_up),
        ("what cannot be published is read again", read_again),
    ];
    let trial = |(name, story): (&str, Story)| {
        Trial::test(format!("choreography::{}", name.replace(' ', "_")), story)
    };
    stories.into_iter().map(trial).collect()
}

/// The functions of a stack, its table and its bus.
struct Stack {
    dynamodb: Dynamodb,
    cloud: Cloud,
    functions: BTreeMap<&'static str, Bootstrap>,
    invocations: u32,
    streamed: usize,
    heard: usize,
}

impl Stack {
    fn start() -> Self {
        let (dynamodb, cloud) = (Dynamodb::start(), Cloud::start());
        let variables: Vec<_> = [dynamodb.variables(), cloud.variables()].concat();
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let start = |name| (name, Bootstrap::start(bootstrap(), name, &variables));
        let functions = FUNCTIONS.map(start).into();
        Self {
            dynamodb,
            cloud,
            functions,
            invocations: 0,
            streamed: 0,
            heard: 0,
        }
    }

    /// Invokes a function; what it replies.
    fn invoke(&mut self, function: &str, mut event: Value) -> Value {
        self.invocations += 1;
        event["requestId"] = format!("request-{}", self.invocations).into();
        self.functions[function].invoke(&event.to_string()).json()
    }

    /// An event of the bus, or of a schedule.
    fn hear(&mut self, kind: &str, detail: &Value) -> Value {
        let action = detail["action"].as_str().unwrap_or("start");
        let function = match (detail["step"].as_str(), action) {
            (_, "start" | "redrive") => "SagaIntake",
            (Some("Pack"), "undo" | "check-undo") => "Unpack",
            (Some("Pack"), _) => "Pack",
            (Some("Send"), _) => "Send",
            _ => return Value::Null,
        };
        let envelope = json!({
            "version": "0", "id": "bus-1", "source": "test", "detail-type": kind, "detail": detail,
        });
        self.invoke(function, envelope)
    }

    fn request(&mut self, asks: &str) -> Value {
        let data = json!({ "goods": "a lamp", "asks": asks });
        self.hear("ShippingRequested", &json!({ "id": "17", "data": data }))
    }

    /// Publishes what the stream holds; what the publisher replies.
    fn publish(&mut self) -> Value {
        let from = self.streamed;
        let images = self.dynamodb.with(|table| table.stream[from..].to_vec());
        let records = images
            .iter()
            .zip(from..)
            .filter(|(image, _)| image["instance"]["S"] == "#record");
        let records: Vec<_> = records
            .map(|(image, number)| {
                json!({ "dynamodb": { "SequenceNumber": number.to_string(), "NewImage": image } })
            })
            .collect();
        let said = self.invoke("SagaPublisher", json!({ "Records": records }));
        if said["batchItemFailures"] == json!([]) {
            self.streamed = from + images.len();
        }
        said
    }

    /// Delivers everything, each event twice, until nothing comes any more.
    fn run(&mut self) {
        loop {
            self.publish();
            let from = self.heard;
            let entries = self.cloud.with(|kept| kept.entries[from..].to_vec());
            if entries.is_empty() {
                return;
            }
            self.heard += entries.len();
            for entry in &entries {
                assert_eq!(entry["Source"], "saga.Shipping");
                let detail: Value =
                    serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
                for _ in 0..2 {
                    let said = self.hear(entry["DetailType"].as_str().unwrap(), &detail);
                    assert_eq!(said, Value::Null, "{detail}");
                }
            }
        }
    }

    fn view(&mut self) -> Value {
        self.invoke("SagaIntake", json!({ "view": SAGA }))
    }

    fn told(&self) -> Vec<String> {
        let kinds = self.cloud.with(|kept| kept.entries.clone());
        let kinds = kinds
            .iter()
            .map(|entry| entry["DetailType"].as_str().unwrap().to_owned());
        kinds.collect()
    }
}

fn expect(found: &Value, expected: &Value) -> Result<(), Failed> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("found {found}, expected {expected}").into()),
    }
}

fn completed() -> Result<(), Failed> {
    let mut stack = Stack::start();
    expect(&stack.request("answer"), &json!(SAGA))?;
    expect(&stack.request("answer"), &json!(SAGA))?;
    let other = stack.request("refuse");
    expect(&other["errorType"], &json!("SagaBadEvent"))?;
    stack.run();
    let view = stack.view();
    expect(&view["status"], &json!("completed"))?;
    expect(&view["output"], &json!({ "label": "a lamp 0" }))?;
    assert_eq!(
        stack.told(),
        ["ShippingStarted", "PackDone", "ShippingCompleted"]
    );
    // Two deadlines, and the fences expire with the record.
    let schedules = stack.cloud.with(|kept| kept.schedules.clone());
    assert_eq!(schedules.len(), 2);
    for schedule in schedules.values() {
        assert!(
            schedule["ScheduleExpression"]
                .as_str()
                .unwrap()
                .starts_with("at(20")
        );
        assert_eq!(schedule["ActionAfterCompletion"], "DELETE");
    }
    let items = stack.dynamodb.with(|table| table.items.clone());
    assert_eq!(items.len(), 3);
    assert!(items.values().all(|item| item["expires"]["N"].is_string()));
    Ok(())
}

fn compensated() -> Result<(), Failed> {
    let mut stack = Stack::start();
    stack.request("refuse");
    stack.run();
    let view = stack.view();
    expect(&view["status"], &json!("compensated"))?;
    expect(&view["error"]["name"], &json!("CardRefused"))?;
    expect(&view["steps"]["Pack"]["undo"]["status"], &json!("done"))?;
    let told = stack.told();
    assert_eq!(
        told,
        [
            "ShippingStarted",
            "PackDone",
            "SendFailed",
            "ShippingCompensated"
        ]
    );
    // What follows from what is told.
    let entries = stack.cloud.with(|kept| kept.entries.clone());
    let details = entries
        .iter()
        .map(|entry| entry["Detail"].as_str().unwrap());
    let details: Vec<Value> = details
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    for (cause, effect) in details.iter().zip(&details[1..]) {
        expect(&effect["causationid"], &cause["id"])?;
        expect(&effect["sagaid"], &json!(SAGA))?;
    }
    Ok(())
}

fn parked() -> Result<(), Failed> {
    let mut stack = Stack::start();
    stack.request("panic");
    stack.run();
    expect(&stack.view()["status"], &json!("parked"))?;
    assert_eq!(
        stack.told().last().map(String::as_str),
        Some("ShippingParked")
    );
    let redrive = json!({ "action": "redrive", "sagaid": SAGA });
    expect(&stack.hear("ShippingRequested", &redrive), &Value::Null)?;
    stack.run();
    expect(&stack.view()["status"], &json!("parked"))?;
    assert_eq!(
        stack
            .told()
            .iter()
            .filter(|kind| *kind == "ShippingParked")
            .count(),
        2
    );
    Ok(())
}

/// The record is put back to before the step's end, as if its process had died between fence and record.
fn caught_up() -> Result<(), Failed> {
    let mut stack = Stack::start();
    stack.request("answer");
    let begun = stack.dynamodb.with(|table| table.items.clone());
    stack.publish();
    let pack = stack.cloud.with(|kept| kept.entries[0].clone());
    let pack: Value = serde_json::from_str(pack["Detail"].as_str().unwrap()).unwrap();
    stack.hear("ShippingStarted", &pack);
    let key = (SAGA.to_owned(), "#record".to_owned());
    stack.dynamodb.with(|table| {
        table.items.insert(key.clone(), begun[&key].clone());
        table.stream.truncate(1);
    });
    stack.streamed = 1;
    stack.heard = 1;
    expect(
        &stack.view()["steps"]["Pack"]["do"]["status"],
        &json!("asked for"),
    )?;
    let schedules = stack.cloud.with(|kept| kept.schedules.clone());
    let check = schedules.values().next().unwrap()["Target"].clone();
    let detail: Value = serde_json::from_str(check["Input"].as_str().unwrap()).unwrap();
    stack.hear(
        check["EventBridgeParameters"]["DetailType"]
            .as_str()
            .unwrap(),
        &detail,
    );
    stack.run();
    expect(&stack.view()["output"], &json!({ "label": "a lamp 0" }))
}

fn read_again() -> Result<(), Failed> {
    let mut stack = Stack::start();
    stack.request("answer");
    stack.cloud.with(|kept| kept.failures = 1);
    expect(
        &stack.publish(),
        &json!({ "batchItemFailures": [{ "itemIdentifier": "0" }] }),
    )?;
    assert!(stack.told().is_empty());
    stack.run();
    expect(&stack.view()["status"], &json!("completed"))
}
