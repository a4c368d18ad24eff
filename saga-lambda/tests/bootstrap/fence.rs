//! Deliveries through their fence: what each is answered, what is kept, and how often the handler acts.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::bootstrap;
use crate::dynamodb::Dynamodb;
use crate::lambda::process::{Bootstrap, event};
use crate::replies::charging;

/// What comes back.
enum Back {
    /// An answer of the handler, which was asked so often before.
    Asked(u64),
    /// There was nothing to do.
    Null,
    /// This error.
    Error(&'static str),
}

use Back::{Asked, Error, Null};

/// A delivery of saga and attempt, what it asks of the handler, what comes back, and where the fence is then.
type Delivered = (
    &'static str,
    &'static str,
    u32,
    &'static str,
    Back,
    &'static str,
);

/// How a story went.
type Told = Result<(), Failed>;

/// Deliveries in the order in which they arrive at one process.
const STORIES: &[(&str, &[Delivered])] = &[
    (
        "a duplicate gets the first answer",
        &[
            ("1", "do", 0, "answer", Asked(0), "done"),
            ("1", "do", 0, "answer", Asked(0), "done"),
            ("1", "do", 1, "refuse", Asked(0), "done"),
            ("2", "do", 0, "answer", Asked(1), "done"),
        ],
    ),
    (
        "what was done is undone once, and not done any more",
        &[
            ("1", "do", 0, "answer", Asked(0), "done"),
            (
                "1",
                "undo",
                0,
                "refuse",
                Error("CardRefused"),
                "undo-failed",
            ),
            ("1", "undo", 1, "answer", Asked(2), "undone"),
            ("1", "undo", 2, "answer", Null, "undone"),
            ("1", "do", 3, "answer", Error("SagaLateDo"), "undone"),
        ],
    ),
    (
        "an undo that comes before its do leaves a tombstone",
        &[
            ("1", "undo", 0, "answer", Null, "tombstone"),
            ("1", "do", 0, "answer", Error("SagaLateDo"), "tombstone"),
            ("2", "do", 0, "answer", Asked(0), "done"),
        ],
    ),
    (
        "a refusal is kept for its duplicates, and not for later attempts",
        &[
            ("1", "do", 0, "refuse", Error("CardRefused"), "refused"),
            ("1", "do", 0, "answer", Error("CardRefused"), "refused"),
            ("1", "do", 1, "throttle", Error("Throttled"), "refused"),
            (
                "1",
                "do",
                0,
                "answer",
                Error("SagaUnknownOutcome"),
                "refused",
            ),
            ("1", "undo", 0, "answer", Null, "tombstone"),
        ],
    ),
    (
        "a refusal is not believed after a panic",
        &[
            ("1", "do", 0, "panic", Error("SagaPanic"), "unsure"),
            (
                "1",
                "do",
                1,
                "refuse",
                Error("SagaUnknownOutcome"),
                "unsure",
            ),
            ("1", "undo", 0, "answer", Asked(2), "undone"),
        ],
    ),
];

pub fn trials() -> Vec<Trial> {
    let stories = STORIES
        .iter()
        .map(|(name, deliveries)| Trial::test(format!("fence: {name}"), move || tell(deliveries)));
    let other = |name: &str, test: fn() -> Told| Trial::test(format!("fence: {name}"), test);
    let others = [
        other("a do costs two requests", requests),
        other("without the table nothing is done", unreachable),
        other("what cannot be kept is not given", unkept),
        other(
            "while another delivery may be at work, nothing is done",
            leased,
        ),
        other(
            "a lease is waited out where the state machine's time is ahead",
            ahead,
        ),
        other("nothing sensitive is kept", sensitive),
    ];
    stories.chain(others).collect()
}

fn start(table: &Dynamodb) -> Bootstrap {
    let variables = table.variables();
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Bootstrap::start(bootstrap(), "Charge", &variables)
}

/// A fenced event, under a request id that no other has.
fn delivery(saga: &str, phase: &str, attempt: u32, asks: &str, number: usize) -> String {
    let mut event: Value = serde_json::from_str(&event("Charge", &charging(asks))).unwrap();
    event["saga"]["id"] = saga.into();
    event["saga"]["phase"] = phase.into();
    event["saga"]["attempt"] = attempt.into();
    let entered = if phase == "do" { 1000 } else { 2000 };
    event["saga"]["fence"] = json!({ "entered": entered, "redrive": 0, "sent": 1000 });
    event["requestId"] = format!("request-{number}").into();
    event.to_string()
}

fn tell(deliveries: &[Delivered]) -> Told {
    let table = Dynamodb::start();
    let process = start(&table);
    for (number, (saga, phase, attempt, asks, back, stage)) in deliveries.iter().enumerate() {
        let reply = process
            .invoke(&delivery(saga, phase, *attempt, asks, number))
            .json();
        let expected = match back {
            Asked(before) => reply["askedBefore"] == *before,
            Null => reply == Value::Null,
            Error(name) => reply["errorType"] == *name,
        };
        let kept = kept(&table, saga);
        if !expected || kept["stage"]["S"] != *stage {
            return Err(format!("delivery {number}: {reply}, and {kept} is kept").into());
        }
    }
    process.log();
    Ok(())
}

fn kept(table: &Dynamodb, saga: &str) -> Value {
    let key = (saga.to_owned(), "Charge".to_owned());
    table.with(|table| table.items.get(&key).cloned().unwrap_or_default())
}

fn requests() -> Told {
    let table = Dynamodb::start();
    let process = start(&table);
    let mut before = 0;
    // A do; the undo of it, which finds the do first; an undo of nothing; a duplicate.
    for (saga, phase, asks, cost) in [
        ("1", "do", "answer", 2),
        ("1", "undo", "answer", 3),
        ("2", "undo", "answer", 1),
        ("2", "undo", "answer", 1),
    ] {
        process.invoke(&delivery(saga, phase, 0, asks, before));
        let now = table.with(|table| table.requests);
        assert_eq!(now - before, cost, "the {phase} of saga {saga}");
        before = now;
    }
    Ok(())
}

fn unreachable() -> Told {
    let table = Dynamodb::start();
    table.with(|table| table.serves = Some(0));
    let process = start(&table);
    let reply = process.invoke(&delivery("1", "do", 0, "answer", 1)).json();
    assert_eq!(reply["errorType"], "SagaFenceUnavailable");
    table.with(|table| table.serves = None);
    let reply = process.invoke(&delivery("1", "do", 1, "answer", 2)).json();
    assert_eq!(reply["askedBefore"], 0);
    Ok(())
}

fn unkept() -> Told {
    let table = Dynamodb::start();
    table.with(|table| table.serves = Some(1));
    let process = start(&table);
    let reply = process.invoke(&delivery("1", "do", 0, "answer", 1)).json();
    assert_eq!(reply["errorType"], "SagaUnknownOutcome");
    assert_eq!(kept(&table, "1")["stage"]["S"], "begun");
    Ok(())
}

fn leased() -> Told {
    let table = Dynamodb::start();
    // The first process dies with its invocation: its lease goes on.
    let first = start(&table);
    first.lambda().send(delivery("1", "do", 0, "dawdle", 1));
    while kept(&table, "1").is_null() {
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(first);
    let process = start(&table);
    for (number, phase, attempt) in [(2, "do", 1), (3, "undo", 0)] {
        let reply = process
            .invoke(&delivery("1", phase, attempt, "answer", number))
            .json();
        assert_eq!(reply["errorType"], "SagaInProgress", "{phase}");
    }
    // Once it is over, the undo acts.
    table.with(|table| {
        table
            .items
            .values_mut()
            .for_each(|item| item["until"]["N"] = "1".into());
    });
    let reply = process
        .invoke(&delivery("1", "undo", 1, "answer", 4))
        .json();
    assert_eq!(reply["askedBefore"], 0);
    Ok(())
}

/// A run that skipped waits is a day ahead of the machine. The lease of a delivery of its own ends soon in its
/// time, which goes by while the undo waits.
fn ahead() -> Told {
    const SOON: u64 = 300;
    let table = Dynamodb::start();
    let process = start(&table);
    process.invoke(&delivery("1", "do", 0, "answer", 1));
    let machine = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let sent = u64::try_from(machine.as_millis()).unwrap() + 24 * 60 * 60 * 1000;
    table.with(|table| {
        table.items.values_mut().for_each(|item| {
            item["stage"]["S"] = "begun".into();
            item["until"]["N"] = (sent + SOON).to_string().into();
        });
    });
    let undo = delivery("1", "undo", 0, "answer", 2);
    let mut undo: Value = serde_json::from_str(&undo).unwrap();
    undo["saga"]["fence"]["sent"] = sent.into();
    let before = Instant::now();
    let reply = process.invoke(&undo.to_string()).json();
    assert_eq!(reply["askedBefore"], 1, "{reply}");
    assert!(before.elapsed() >= Duration::from_millis(SOON));
    assert_eq!(kept(&table, "1")["stage"]["S"], "undone");
    Ok(())
}

fn sensitive() -> Told {
    let table = Dynamodb::start();
    let process = start(&table);
    process.invoke(&delivery("1", "do", 0, "refuse-card", 1));
    let kept = kept(&table, "1");
    assert_eq!(kept["message"]["S"], "card [redacted] is stolen");
    assert!(!kept.to_string().contains("4111"), "{kept}");
    Ok(())
}
