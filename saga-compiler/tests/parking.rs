//! Calls that wait for an operator, and notifications that are owed.

use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::saga::{Ending, SensitiveField, SensitiveForm};
use saga_manifest::step::Kind;
use serde_json::json;

use crate::machine::Machine;
use crate::manifest::{
    compensatable, field, input, invoke, notification, object, pivot, retriable, saga, step, work,
};

/// `Book`, undone with its own output where there is one and the card; then a pivot that reads it.
fn booking() -> Manifest {
    let own = Expr::MaybeOutput("Book".into());
    let id = Expr::IfPresent {
        value: Box::new(own.clone()),
        then: Box::new(field(own, "id")),
        otherwise: Box::new(Expr::Literal(json!(null))),
    };
    let undo = invoke("Cancel", object([("id", id), ("card", input("card"))]));
    let book = step(
        "Book",
        Kind::Compensatable {
            compensation: Box::new(undo),
        },
        work("Book"),
    );
    let pay = invoke(
        "Pay",
        object([("id", field(Expr::Output("Book".into()), "id"))]),
    );
    let mut manifest = saga(vec![book, step("Pay", Kind::Pivot, pay), retriable("Ship")]);
    manifest.sagas[0].input.sensitive.push(SensitiveField {
        path: vec!["card".into()],
        form: SensitiveForm::Token,
    });
    manifest
}

#[test]
fn a_compensation_that_fails_is_parked_where_a_redrive_resumes() {
    let machine = Machine::of(&booking());
    for error in ["Anything", "States.Timeout", "States.DataLimitExceeded"] {
        assert_eq!(machine.leads("UndoBook", error), Some("ParkBook"));
        assert_eq!(machine.leads("ParkBook", error), Some("UndoBookParked"));
        assert_eq!(machine.leads("UndoBookParked", error), None);
    }
    assert_eq!(machine.state("ParkBook")["Next"], "UndoBookParked");
    assert_eq!(machine.state("UndoBookParked")["Next"], "OrderFailed");
}

/// The parked call reads its state's input: a redrive hands it the same again.
#[test]
fn what_a_parked_call_needs_travels_in_its_input() {
    let machine = Machine::of(&booking());
    let carried = json!({ "book": "{% $book %}", "failure": "{% $failure %}" });
    let park = machine.state("ParkBook");
    assert_eq!(park["Output"], carried);
    for catcher in park["Catch"].as_array().unwrap() {
        assert_eq!(catcher["Output"], carried);
    }
    let parked = machine.state("UndoBookParked");
    let input = &parked["Arguments"]["Payload"]["input"];
    let id = "{% $states.input.book != null ? $states.input.book.id : null %}";
    assert_eq!(input["id"], id);
    assert_eq!(
        parked["Assign"],
        json!({ "failure": "{% $states.input.failure %}" })
    );
}

#[test]
fn a_parked_call_is_the_same_call() {
    let machine = Machine::of(&booking());
    for (first, parked) in [("UndoBook", "UndoBookParked"), ("Pay", "PayParked")] {
        let (first, parked) = (machine.state(first), machine.state(parked));
        assert_eq!(first["Resource"], parked["Resource"]);
        assert_eq!(first["TimeoutSeconds"], parked["TimeoutSeconds"]);
        assert_eq!(first.get("Retry"), parked.get("Retry"));
        let saga = |state: &serde_json::Value| state["Arguments"]["Payload"]["saga"].clone();
        assert_eq!(saga(first), saga(parked), "the idempotency key stays");
    }
}

#[test]
fn a_parked_pivot_goes_on_forward() {
    let machine = Machine::of(&booking());
    assert_eq!(machine.leads("Pay", "States.Timeout"), Some("ParkPay"));
    assert_eq!(machine.state("PayParked")["Next"], "Ship");
    assert_eq!(machine.state("ShipParked")["Next"], "OrderSucceeded");
}

#[test]
fn the_parking_message_tells_what_happened_and_hides_what_is_sensitive() {
    let machine = Machine::of(&booking());
    let message = machine.state("ParkBook")["Arguments"]["MessageBody"]
        .as_str()
        .unwrap();
    for part in [
        "\"saga\": \"Order\"",
        "\"execution\": $states.context.Execution.Id",
        "\"step\": \"Book\"",
        "\"state\": \"UndoBookParked\"",
        "\"error\": $failure",
        "\"arguments\": {\"id\": $book != null ? $book.id : null, \"card\": \"redacted\"}",
        "\"redrive\": \"aws stepfunctions redrive-execution --execution-arn \" & $states.context.Execution.Id",
        "\"parkedError\": {\"error\": $states.input.Error, \"cause\": $states.input.Cause}",
    ] {
        assert!(message.contains(part), "{part}\n{message}");
    }
}

/// What a handler declares sensitive is hidden, wherever its value comes from.
#[test]
fn the_parking_message_hides_what_the_handler_declares_sensitive() {
    let mut manifest = booking();
    let handlers = manifest.handlers.iter_mut();
    handlers
        .filter(|handler| handler.name == "Cancel")
        .for_each(|handler| {
            handler.input.sensitive.push(SensitiveField {
                path: vec!["id".into()],
                form: SensitiveForm::Ciphertext,
            });
        });
    let machine = Machine::of(&manifest);
    let message = machine.state("ParkBook")["Arguments"]["MessageBody"]
        .as_str()
        .unwrap();
    assert!(
        message.contains("{\"id\": \"redacted\", \"card\": \"redacted\"}"),
        "{message}"
    );
}

#[test]
fn a_notification_never_changes_the_end() {
    let mut manifest = saga(vec![compensatable("Book"), pivot("Pay")]);
    let told =
        ["Tell", "TellAgain"].map(|name| notification(name, Ending::Completed, work("Book")));
    let regret = notification("Regret", Ending::Compensated, work("Book"));
    manifest.sagas[0].notifications = told.into_iter().chain([regret]).collect();
    let machine = Machine::of(&manifest);
    assert_eq!(machine.state("Pay")["Next"], "Tell");
    for (name, next) in [
        ("Tell", "TellAgain"),
        ("TellAgain", "OrderSucceeded"),
        ("Regret", "OrderFailed"),
    ] {
        let park = format!("Park{name}");
        assert_eq!(machine.state(name)["Next"], next);
        assert_eq!(machine.leads(name, "States.Timeout"), Some(park.as_str()));
        assert_eq!(machine.state(&park)["Next"], next);
        assert_eq!(machine.leads(&park, "States.Timeout"), Some(next));
    }
    assert_eq!(machine.state("UndoBook")["Next"], "Regret");
}

#[test]
fn the_world_is_told_of_a_parked_call_before_it_waits() {
    let mut manifest = saga(vec![compensatable("Book"), pivot("Pay")]);
    let warn = notification("Warn", Ending::Parked, work("Book"));
    manifest.sagas[0].notifications = vec![warn];
    let machine = Machine::of(&manifest);
    for (step, parked) in [("Book", "UndoBookParked"), ("Pay", "PayParked")] {
        let warn = format!("WarnFor{step}");
        assert_eq!(machine.state(&format!("Park{step}"))["Next"], warn.as_str());
        assert_eq!(machine.state(&warn)["Next"], parked);
        assert_eq!(machine.leads(&warn, "States.Timeout"), Some(parked));
        assert_eq!(machine.state(&warn)["Output"], "{% $states.input %}");
    }
}

#[test]
fn a_compensated_saga_tells_its_first_failure() {
    let machine = Machine::of(&booking());
    let failed = machine.state("OrderFailed");
    assert_eq!(failed["Type"], "Fail");
    assert_eq!(failed["Error"], "SagaCompensated");
    let cause = "{% $string({\"step\": $failure.step, \"error\": $failure.error, \
                 \"cause\": $substring($failure.cause, 0, 5000)}) %}";
    assert_eq!(failed["Cause"], cause);
}
