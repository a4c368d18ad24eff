//! What the public hand-written version of this saga gets wrong is right in what we emit.

use serde_json::{Value, json};

use crate::machine::{Machine, strings};
use crate::manifest::{compile, fare_processing};

fn machine() -> Machine {
    Machine::of(&fare_processing())
}

fn is(task: &Value, service: &str) -> bool {
    task["Resource"].as_str().unwrap().contains(service)
}

/// Today: retriers without the prefix, which never match.
#[test]
fn errors_of_dynamodb_are_called_as_aws_reports_them() {
    for (name, task) in machine().tasks().filter(|(_, task)| is(task, "dynamodb")) {
        let retriers = task["Retry"].as_array().unwrap();
        let names = retriers
            .iter()
            .flat_map(|retrier| strings(&retrier["ErrorEquals"]));
        for error in names {
            assert!(
                error.starts_with("DynamoDB.") || error == "States.ALL",
                "{name}: {error}"
            );
        }
    }
}

/// Today: charge ids are random per attempt.
#[test]
fn every_attempt_and_the_undo_have_one_idempotency_key() {
    let machine = machine();
    for state in ["ChargeFare", "UndoChargeFare", "UndoChargeFareParked"] {
        let saga = &machine.state(state)["Arguments"]["Payload"]["saga"];
        assert_eq!(saga["id"], "{% $states.context.Execution.Id %}");
        assert_eq!(saga["step"], "ChargeFare");
    }
    assert_eq!(
        machine.state("ChargeFare")["Arguments"]["Payload"]["saga"]["phase"],
        "do"
    );
    assert_eq!(
        machine.state("UndoChargeFare")["Arguments"]["Payload"]["saga"]["phase"],
        "undo"
    );
}

/// Today: the refund drops the error it answers.
#[test]
fn a_refund_that_fails_is_parked() {
    let machine = machine();
    for error in [
        "PaymentRefundException",
        "States.Timeout",
        "States.DataLimitExceeded",
    ] {
        assert_eq!(
            machine.leads("UndoChargeFare", error),
            Some("ParkChargeFare")
        );
    }
}

/// Today: a charge that times out is neither refunded nor recorded.
#[test]
fn a_charge_that_may_have_happened_is_refunded_and_recorded() {
    let machine = machine();
    for error in [
        "States.Timeout",
        "Lambda.Unknown",
        "Anything",
        "States.DataLimitExceeded",
    ] {
        assert_eq!(machine.leads("ChargeFare", error), Some("UndoChargeFare"));
    }
    assert_eq!(machine.state("UndoChargeFare")["Next"], "UndoRegisterFare");
    let charge = &machine.state("UndoChargeFare")["Arguments"]["Payload"]["input"]["chargeId"];
    assert_eq!(
        charge,
        "{% $chargeFare != null ? $chargeFare.chargeId : null %}"
    );
}

/// Today: any credit error but the named one strands a charged customer.
#[test]
fn every_credit_error_is_undone_or_parked() {
    let machine = machine();
    let state = "CreditCustomerAccount";
    let known = machine.leads(state, "AccountCreditException");
    assert_eq!(known, Some("CreditCustomerAccountOutcome"));
    assert_eq!(
        machine.state("CreditCustomerAccountOutcome")["Default"],
        "UndoChargeFare"
    );
    for error in ["States.Timeout", "Anything"] {
        assert_eq!(
            machine.leads(state, error),
            Some("ParkCreditCustomerAccount")
        );
    }
}

/// Today: the last update, the refund and both notifications have no Catch, and no task of Lambda has
/// a timeout.
#[test]
fn every_task_has_a_timeout_and_a_catch_of_everything() {
    for (name, task) in machine().tasks() {
        assert!(task["TimeoutSeconds"].as_u64().unwrap() > 0, "{name}");
        if is(task, "lambda") {
            assert_eq!(
                task["TimeoutSeconds"], 25,
                "{name}: 10 s of work, 10 to start, 5 to spare"
            );
        }
        if !name.ends_with("Parked") {
            let last = task["Catch"].as_array().unwrap().last().unwrap();
            assert_eq!(last["ErrorEquals"], json!(["States.ALL"]), "{name}");
        }
    }
}

/// Today: card number and verification value are written to the table.
#[test]
fn the_card_reaches_the_handler_alone() {
    for (name, task) in machine().tasks() {
        let reads_card = task["Arguments"].to_string().contains("Input.cc");
        assert_eq!(reads_card, name == "ChargeFare", "{name}");
    }
}

/// Today: a top-level timeout elsewhere kills executions in the middle of their undo.
#[test]
fn nothing_ends_the_execution_from_outside() {
    assert_eq!(machine().definition().get("TimeoutSeconds"), None);
}

#[test]
fn the_happy_path_is_as_short_as_the_hand_written_one() {
    let machine = machine();
    let mut path = vec![machine.start()];
    while let Some(next) = machine.state(path[path.len() - 1])["Next"].as_str() {
        path.push(next);
    }
    let expected = [
        "RegisterFare",
        "ChargeFare",
        "CreditCustomerAccount",
        "SetFareStatusCompleted",
        "NotifySuccess",
        "FareProcessingSucceeded",
    ];
    assert_eq!(path, expected);
}

#[test]
fn messages_carry_their_attribute_and_an_id_that_stays() {
    let machine = machine();
    for (state, successful) in [("NotifySuccess", "true"), ("NotifyFailure", "false")] {
        let attributes = &machine.state(state)["Arguments"]["MessageAttributes"];
        let id = format!("{{% $states.context.Execution.Id & \"/{state}\" %}}");
        let expected = json!({
            "IsSuccessful": { "DataType": "String", "StringValue": successful },
            "saga_message_id": { "DataType": "String", "StringValue": id },
        });
        assert_eq!(attributes, &expected);
    }
}

#[test]
fn the_saga_answers_from_what_it_has() {
    let output = json!({
        "fareId": "{% $exists($states.context.Execution.Input.fareId) ? \
                   $states.context.Execution.Input.fareId : null %}",
        "chargeId": "{% $exists($chargeFare.chargeId) ? $chargeFare.chargeId : null %}",
    });
    assert_eq!(machine().state("FareProcessingSucceeded")["Output"], output);
}

#[test]
fn the_same_manifest_gives_the_same_bytes() {
    let text = || compile(&fare_processing()).template.to_text().unwrap();
    assert_eq!(text(), text());
}

/// What a definition says does not depend on how the manifest's JSON is ordered.
#[test]
fn a_manifest_that_was_written_and_read_gives_the_same_bytes() {
    let manifest = fare_processing();
    let read = saga_manifest::Manifest::read(&manifest.to_json().unwrap()).unwrap();
    let text = |manifest| compile(manifest).template.to_text().unwrap();
    assert_eq!(text(&manifest), text(&read));
}
