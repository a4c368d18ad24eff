//! Fare processing's handlers.

use std::path::PathBuf;
use std::sync::LazyLock;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::lambda::Reply;
use crate::lambda::process::event;
use crate::{Case, build, refusal, start, table};

static FARE_PROCESSING: LazyLock<PathBuf> =
    LazyLock::new(|| build::executable("fare-processing", ""));

/// The trials of this package.
pub fn trials() -> Vec<Trial> {
    let mut trials = table(&FARE_PROCESSING, cases());
    trials.extend([
        Trial::test(
            "a retried charge is the same charge, with ids of the provider's form",
            charged_once,
        ),
        Trial::test(
            "an unknown handler is refused with the known ones",
            unknown_handler,
        ),
        Trial::test("a card reaches no log, at any level", no_card_in_the_log),
    ]);
    trials
}

fn charge(customer: &str) -> Value {
    json!({
        "customerId": customer, "fareId": "fare-1", "amount": "$20.00",
        "cc": "tok_4111", "expiryDate": "tok_1230", "cvv": "tok_737",
    })
}

fn credit(customer: &str) -> Value {
    json!({ "customerId": customer, "paymentId": "ch_1" })
}

fn refund(customer: &str, charge: Option<&str>) -> Value {
    json!({ "customerId": customer, "fareId": "fare-1", "chargeId": charge })
}

/// An input with one field of another value, or without it.
fn with(mut input: Value, field: &str, value: Option<Value>) -> Value {
    match value {
        Some(value) => input[field] = value,
        None => drop(input.as_object_mut().unwrap().remove(field)),
    }
    input
}

/// The number of the entry that the saga's key gives.
const ENTRY: &str = "acc_99986eb6ce385b61b958232ae";

fn cases() -> Vec<Case> {
    let charging = |name, input, error, message| {
        Case::new(
            name,
            "ChargeFare",
            "ChargeFare",
            &input,
            Reply::Error(error, message),
        )
    };
    let crediting = |name, input, reply| {
        Case::new(
            name,
            "UpdateAccount",
            "CreditCustomerAccount",
            &input,
            reply,
        )
    };
    // A refund undoes a charge: it comes as that step's.
    let refunding = |name, input, reply| Case::new(name, "RefundFare", "ChargeFare", &input, reply);
    let malformed = |handler, event: &str, message| Case {
        name: "a malformed event",
        handler,
        event: event.to_owned(),
        reply: Reply::Error("SagaBadEvent", message),
    };
    let without_saga = r#"{"input": {}}"#;
    vec![
        charging(
            "a refused card",
            charge("1_fail_auth"),
            "PaymentAuthException",
            "the card was refused",
        ),
        charging(
            "a refused charge",
            charge("1_fail_charge"),
            "PaymentChargeException",
            "the payment was refused",
        ),
        charging(
            "no card",
            with(charge("3"), "cc", None),
            "SagaBadEvent",
            "`input.cc`: missing",
        ),
        charging(
            "an amount that is no text",
            with(charge("3"), "amount", Some(20.into())),
            "SagaBadEvent",
            "`input.amount`: invalid type: integer `20`, expected a string",
        ),
        charging(
            "a card that is no text, and not shown",
            with(charge("3"), "cc", Some(4111.into())),
            "SagaBadEvent",
            "`input.cc`: invalid type: integer `[redacted]`, expected a string",
        ),
        malformed("ChargeFare", "fare", "expected ident"),
        malformed("ChargeFare", without_saga, "`saga`: missing"),
        crediting("a credit", credit("3"), Reply::Answer(ENTRY.into())),
        crediting(
            "a refused credit",
            credit("1_fail_credit"),
            Reply::Error("AccountCreditException", "the account takes no entry"),
        ),
        crediting(
            "no charge",
            with(credit("3"), "paymentId", None),
            Reply::Error("SagaBadEvent", "`input.paymentId`: missing"),
        ),
        malformed("UpdateAccount", without_saga, "`saga`: missing"),
        refunding(
            "a refund",
            refund("3", Some("ch_1")),
            Reply::Answer(Value::Null),
        ),
        refunding(
            "a refund of an unknown charge",
            refund("3", None),
            Reply::Answer(Value::Null),
        ),
        refunding(
            "a refused refund",
            refund("1_fail_credit_fail_refund", Some("ch_1")),
            Reply::Error("PaymentRefundException", "the refund was refused"),
        ),
        refunding(
            "a charge that is no text",
            with(refund("3", None), "chargeId", Some(true.into())),
            Reply::Error(
                "SagaBadEvent",
                "`input.chargeId`: invalid type: boolean `true`",
            ),
        ),
        malformed("RefundFare", without_saga, "`saga`: missing"),
    ]
}

fn charged_once() -> Result<(), Failed> {
    let bootstrap = start(&FARE_PROCESSING, "ChargeFare", &[]);
    let first = bootstrap.invoke(&event("ChargeFare", &charge("3"))).json();
    let mut again: Value = serde_json::from_str(&event("ChargeFare", &charge("3"))).unwrap();
    again["saga"]["attempt"] = 1.into();
    let second = bootstrap.invoke(&again.to_string()).json();
    let id = |field: &str, prefix: &str| {
        let text = first[field].as_str().unwrap_or_default();
        text.starts_with(prefix) && text.len() == prefix.len() + 25
    };
    let fields = first.as_object().map(serde_json::Map::len);
    if first == second && fields == Some(2) && id("chargeToken", "tok_") && id("chargeId", "ch_") {
        return Ok(());
    }
    Err(format!("{first} and then {second}").into())
}

fn unknown_handler() -> Result<(), Failed> {
    let refused = refusal(&FARE_PROCESSING, "ChargeFares").json();
    let known = "`ChargeFare`, `RefundFare`, `UpdateAccount`";
    let message = refused["errorMessage"].as_str().unwrap_or_default();
    if refused["errorType"] == "SagaUnknownHandler" && message.contains(known) {
        return Ok(());
    }
    Err(refused.to_string().into())
}

fn no_card_in_the_log() -> Result<(), Failed> {
    let bootstrap = start(
        &FARE_PROCESSING,
        "ChargeFare",
        &[("AWS_LAMBDA_LOG_LEVEL", "TRACE")],
    );
    bootstrap.invoke(&event("ChargeFare", &charge("3")));
    bootstrap.invoke(&event(
        "ChargeFare",
        &with(charge("1_fail_auth"), "expiryDate", None),
    ));
    let log = bootstrap.log();
    let clear = |line: &String| {
        ["4111", "1230", "737"]
            .iter()
            .any(|card| line.contains(card))
    };
    if log.iter().any(|line| line.contains(r#""cc":"[redacted]""#)) && !log.iter().any(clear) {
        return Ok(());
    }
    Err(format!("{log:#?}").into())
}
