//! The log: which lines, with what, and without what.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::bootstrap;
use crate::lambda::process::{Bootstrap, EXECUTION, event};
use crate::replies::charging;

/// The trials of this module.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("a line has the invocation it belongs to", || {
            let line = json!({
                "level": "INFO", "message": "answered", "handler": "Charge", "execution": EXECUTION,
                "step": "Charge2", "phase": "do", "attempt": 0, "requestId": "request-1",
            });
            check("INFO", "answer", &[line])
        }),
        Trial::test("a known failure is a warning", || {
            check(
                "INFO",
                "refuse",
                &[
                    json!({ "level": "WARN", "errorType": "CardRefused", "message": "the card was refused" }),
                ],
            )
        }),
        Trial::test("an unknown outcome is an error", || {
            check(
                "INFO",
                "panic",
                &[json!({ "level": "ERROR", "errorType": "SagaPanic", "step": "Charge2" })],
            )
        }),
        Trial::test("a malformed event has its request", || {
            let line =
                json!({ "level": "WARN", "errorType": "SagaBadEvent", "requestId": "request-1" });
            check_event("INFO", "{}", &[line])
        }),
        Trial::test("what is below the level is not written", || {
            check("ERROR", "refuse", &[])
        }),
        Trial::test("the input is written when asked for, redacted", || {
            let mut input = charging("answer");
            input["cards"][0]["number"] = "[redacted]".into();
            check(
                "DEBUG",
                "answer",
                &[
                    json!({ "level": "DEBUG", "message": "invoked", "input": input }),
                    json!({ "level": "INFO", "message": "answered" }),
                ],
            )
        }),
        Trial::test(
            "a handler's own lines are the invocation's, redacted",
            || {
                let fields = json!({ "number": "[redacted]", "tries": 2 });
                check(
                    "INFO",
                    "log",
                    &[
                        json!({ "level": "INFO", "message": "trying [redacted]", "step": "Charge2", "fields": fields }),
                        json!({ "message": "answered" }),
                    ],
                )
            },
        ),
        Trial::test("a panic in a task is told of", || {
            check(
                "INFO",
                "panic-in-task",
                &[
                    json!({ "level": "ERROR" }),
                    json!({ "message": "answered" }),
                ],
            )
        }),
        Trial::test("no line has a secret, at any level", no_secrets),
        Trial::test("text is written when asked for", text),
    ]
}

fn log_of(event: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let bootstrap = Bootstrap::start(bootstrap(), "Charge", variables);
    bootstrap.invoke(event);
    let mut log = bootstrap.log();
    log.retain(|line| !line.starts_with("Counter::"));
    log
}

/// Invokes `Charge`, and compares the lines of its log with what each is to hold.
fn check(level: &str, asks: &str, expected: &[Value]) -> Result<(), Failed> {
    check_event(level, &charge(asks), expected)
}

fn charge(asks: &str) -> String {
    event("Charge2", &charging(asks))
}

fn check_event(level: &str, event: &str, expected: &[Value]) -> Result<(), Failed> {
    let log = log_of(event, &[("AWS_LAMBDA_LOG_LEVEL", level)]);
    let lines = log.iter().map(|line| serde_json::from_str(line).unwrap());
    let lines: Vec<Value> = lines
        .filter(|line: &Value| !line["requestId"].is_null())
        .collect();
    let same = lines.len() == expected.len()
        && lines
            .iter()
            .zip(expected)
            .all(|(line, expected)| holds(line, expected));
    match same {
        true => Ok(()),
        false => Err(format!("expected {expected:#?}, and found {lines:#?}").into()),
    }
}

/// Whether a line holds what is expected of it; and what each of them has to hold.
fn holds(line: &Value, expected: &Value) -> bool {
    let time = line["timestamp"].as_str().unwrap();
    assert!(
        time.len() == 24 && time.starts_with("20") && time.ends_with('Z'),
        "{time}"
    );
    let ends = line["message"] == "answered" || !line["errorType"].is_null();
    assert!(
        !ends
            || line["durationMs"]
                .as_f64()
                .is_some_and(|duration| duration > 0.0),
        "{line}"
    );
    expected
        .as_object()
        .unwrap()
        .iter()
        .all(|(name, value)| line[name] == *value)
}

fn no_secrets() -> Result<(), Failed> {
    for asks in [
        "answer",
        "refuse-card",
        "fail-otherwise",
        "panic",
        "log",
        "dance",
    ] {
        let log = log_of(
            &charge(asks),
            &[("AWS_LAMBDA_LOG_LEVEL", "TRACE"), ("RUST_BACKTRACE", "1")],
        );
        if log.is_empty() || log.iter().any(|line| line.contains("4111")) {
            return Err(format!("{asks}: {log:#?}").into());
        }
    }
    Ok(())
}

fn text() -> Result<(), Failed> {
    let log = log_of(&charge("answer"), &[("AWS_LAMBDA_LOG_FORMAT", "Text")]);
    match log.as_slice() {
        [line] if line.contains("Z INFO answered {") => Ok(()),
        log => Err(format!("{log:#?}").into()),
    }
}
