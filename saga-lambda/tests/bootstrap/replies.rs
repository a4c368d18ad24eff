//! What each handler replies to which event: one process a handler serves its whole table.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::bootstrap;
use crate::lambda::process::{Bootstrap, EXECUTION, event};
use crate::lambda::{Reply, compare};

/// One invocation: what is sent, and what is to come back.
struct Case {
    name: &'static str,
    event: String,
    reply: Reply,
}

/// The handlers' tables.
pub fn trials() -> Vec<Trial> {
    let tables = [
        ("Charge", charge()),
        ("Charge", malformed()),
        ("Boxed", boxed()),
        ("Nothing", nothing()),
        ("Reach", reach()),
        ("Unreachable", unreachable()),
    ];
    let trial = |(handler, cases): (&'static str, Vec<Case>)| {
        let name = format!("replies of {handler}, from {}", cases[0].name);
        Trial::test(name, move || serve(handler, &cases))
    };
    tables.into_iter().map(trial).collect()
}

fn serve(handler: &str, cases: &[Case]) -> Result<(), Failed> {
    let resources = [
        ("SAGA_TABLE_Cards", "stack-Cards-1"),
        (
            "SAGA_TOPIC_Charges",
            "arn:aws:sns:us-east-1:123456789012:Charges",
        ),
        (
            "SAGA_QUEUE_Work",
            "https://sqs.us-east-1.amazonaws.com/123456789012/Work",
        ),
    ];
    let given = if handler == "Reach" {
        &resources[..]
    } else {
        &[]
    };
    let bootstrap = Bootstrap::start(bootstrap(), handler, given);
    for case in cases {
        compare(&bootstrap.invoke(&case.event), &case.reply)
            .map_err(|problem| Failed::from(format!("{}: {problem}", case.name)))?;
    }
    bootstrap.log();
    Ok(())
}

/// An input of `Charge`.
pub fn charging(asks: &str) -> Value {
    json!({
        "fareId": "7",
        "amount": 2000,
        "cards": [{ "number": "4111-1111", "expiryDate": "12/30" }],
        "asks": asks,
    })
}

fn charge() -> Vec<Case> {
    let case = |name, asks, reply| Case {
        name,
        event: event("Charge", &charging(asks)),
        reply,
    };
    let answer = |asked_before| {
        Reply::Answer(json!({ "key": format!("{EXECUTION}/Charge"), "askedBefore": asked_before }))
    };
    let mut undo: Value = serde_json::from_str(&event("Charge", &charging("answer"))).unwrap();
    undo["saga"]["phase"] = "undo".into();
    undo["saga"]["attempt"] = 3.into();
    vec![
        case("an answer", "answer", answer(0)),
        case(
            "another, of the same process and with the same key",
            "answer",
            answer(1),
        ),
        Case {
            name: "an undo with the key of its do",
            event: undo.to_string(),
            reply: answer(2),
        },
        case(
            "a declared error",
            "refuse",
            Reply::Error("CardRefused", "the card was refused"),
        ),
        case(
            "a retried error",
            "throttle",
            Reply::Error("Throttled", "try again"),
        ),
        case(
            "a renamed error, its sensitive data redacted",
            "refuse-card",
            Reply::Error("Bank.StolenCard", "card [redacted] is stolen"),
        ),
        case(
            "a transparent error",
            "refuse-bank",
            Reply::Error("BankClosed", "the bank is closed"),
        ),
        case(
            "an undeclared error, with its cause redacted",
            "fail-otherwise",
            Reply::Error(
                "Unforeseen",
                "the provider does not answer: socket for [redacted] closed",
            ),
        ),
        case("a panic", "panic", Reply::Error("SagaPanic", "fixture.rs:")),
        case(
            "a panic, redacted",
            "panic",
            Reply::Error("SagaPanic", ": what to do with [redacted]?"),
        ),
        case(
            "a panic before anything is awaited",
            "panic-at-once",
            Reply::Error("SagaPanic", ": at once"),
        ),
        case(
            "a panic that is no text",
            "panic-without-message",
            Reply::Error("SagaPanic", ": without a message"),
        ),
        case(
            "the panic of a task, handed on",
            "panic-of-task",
            Reply::Error("SagaPanic", "panicked: of a task"),
        ),
        case(
            "too large an output",
            "answer-too-much",
            Reply::Error("SagaBadOutput", "262144 at most"),
        ),
        case("after all that, an answer", "answer", answer(14)),
    ]
}

fn malformed() -> Vec<Case> {
    let case = |name, event: String, message| Case {
        name,
        event,
        reply: Reply::Error("SagaBadEvent", message),
    };
    let changed = |name, path: &str, value: Value, message| {
        let mut event: Value = serde_json::from_str(&event("Charge", &charging("answer"))).unwrap();
        *event.pointer_mut(path).unwrap() = value;
        case(name, event.to_string(), message)
    };
    vec![
        case("nothing", String::new(), "EOF while parsing"),
        case(
            "no JSON",
            "{\"saga\": what?}".into(),
            "`saga`: expected value",
        ),
        case(
            "no object",
            "[1]".into(),
            "invalid type: integer `1`, expected an object with `id`",
        ),
        case("no saga", "{\"input\": {}}".into(), "`saga`: missing"),
        case(
            "no input",
            json!({"saga": {"id": "a", "step": "S", "phase": "do"}}).to_string(),
            "`input`: missing",
        ),
        case(
            "no id",
            json!({"saga": {"step": "S", "phase": "do"}, "input": {}}).to_string(),
            "`saga.id`: missing",
        ),
        changed("an empty id", "/saga/id", "".into(), "`saga.id`: is empty"),
        changed(
            "an id that is no text",
            "/saga/id",
            7.into(),
            "`saga.id`: invalid type",
        ),
        changed(
            "an unknown phase",
            "/saga/phase",
            "redo".into(),
            "`saga.phase`: unknown variant `redo`",
        ),
        changed(
            "a missing field",
            "/input",
            json!({}),
            "`input.fareId`: missing",
        ),
        changed(
            "a wrong type",
            "/input/amount",
            "2000".into(),
            "`input.amount`: invalid type: string \"2000\"",
        ),
        changed(
            "a number out of range",
            "/input/amount",
            (-1).into(),
            "`input.amount`: invalid value",
        ),
        changed(
            "a wrong type in a list, redacted",
            "/input/cards/0/number",
            4111.into(),
            "`input.cards[0].number`: invalid type: integer `[redacted]`",
        ),
        changed(
            "an unknown variant",
            "/input/asks",
            "dance".into(),
            "`input.asks`: unknown variant `dance`",
        ),
        Case {
            name: "after all that, an answer",
            event: event("Charge", &charging("answer")),
            reply: Reply::Answer(json!({ "key": format!("{EXECUTION}/Charge"), "askedBefore": 0 })),
        },
    ]
}

fn boxed() -> Vec<Case> {
    let case = |name, asks, reply| Case {
        name,
        event: event("Boxed", &json!({ "asks": asks })),
        reply,
    };
    vec![
        case(
            "an answer without output",
            "answer",
            Reply::Answer(Value::Null),
        ),
        case(
            "a boxed error",
            "refuse",
            Reply::Error("BankClosed", "the bank is closed"),
        ),
    ]
}

fn nothing() -> Vec<Case> {
    let event = event("Nothing", &json!({}));
    vec![Case {
        name: "no input and no output",
        event,
        reply: Reply::Answer(Value::Null),
    }]
}

fn reach() -> Vec<Case> {
    let names = json!([
        "stack-Cards-1",
        "arn:aws:sns:us-east-1:123456789012:Charges",
        "https://sqs.us-east-1.amazonaws.com/123456789012/Work",
    ]);
    let event = event("Reach", &json!({}));
    vec![Case {
        name: "the names of resources",
        event,
        reply: Reply::Answer(names),
    }]
}

fn unreachable() -> Vec<Case> {
    let event = event("Unreachable", &json!({}));
    let reply = Reply::Error("NoResource", "no resource: `SAGA_TABLE_Cards` is not set");
    vec![Case {
        name: "a resource that is not stated",
        event,
        reply,
    }]
}
