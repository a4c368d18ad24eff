//! What an author says of an error, and why.

use saga_manifest::error::DeclaredError;
use saga_manifest::step::{Call, Kind};

use crate::machine::Machine;
use crate::manifest::{compensatable, known, options, saga, shown, step, work};

fn manifest(error: DeclaredError) -> saga_manifest::Manifest {
    let call = Call {
        description: Some("Charges the card.".into()),
        errors: vec![error],
        ..work("Charge")
    };
    let compensation = Box::new(work("Refund"));
    let charge = step("Charge", Kind::Compensatable { compensation }, call);
    saga(vec![compensatable("First"), charge])
}

fn because(error: DeclaredError, reason: &str) -> DeclaredError {
    DeclaredError {
        reason: Some(reason.into()),
        ..error
    }
}

#[test]
fn a_reason_stands_in_the_definition() {
    let error = because(known("Busy"), "the provider queues nothing");
    let machine = Machine::of(&manifest(error));
    let comment = "Charges the card.\n`Busy` counts as not done: the provider queues nothing";
    assert_eq!(machine.state("Charge")["Comment"], comment);
    assert_eq!(machine.leads("Charge", "Busy"), Some("UndoFirst"));
}

/// A timeout says nothing about the effect, but to whoever knows better.
#[test]
fn a_timeout_counts_as_not_done_for_a_reason_only() {
    let error = because(known("States.Timeout"), "the call only asks for a quote");
    let machine = Machine::of(&manifest(error));
    assert_eq!(machine.leads("Charge", "States.Timeout"), Some("UndoFirst"));
    refused(known("States.Timeout"), "says nothing about the effect");
    let after = because(known("States.DataLimitExceeded"), "it does");
    refused(after, "says nothing about the effect");
}

#[track_caller]
fn refused(error: DeclaredError, message: &str) {
    let mistakes = saga_compiler::compile(&manifest(error), &options()).unwrap_err();
    let text = shown(&mistakes);
    assert_eq!(mistakes.len(), 1, "{text}");
    assert!(mistakes[0].message.contains(message), "{text}");
}

#[test]
fn a_reason_without_words() {
    refused(
        because(known("Busy"), "  "),
        "says otherwise of `Busy`, and not why",
    );
}
