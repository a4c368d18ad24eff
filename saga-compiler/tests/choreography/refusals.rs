//! What needs an orchestrator is refused, with the place where its author wrote it.

use saga_choreography::Choreography;
use saga_manifest::Manifest;
use saga_manifest::saga::{Ending, SensitiveField, SensitiveForm};

use crate::manifest::blocks::{block, map, node, of_nodes, savepoint, send};
use crate::manifest::{
    compensatable, fare_processing, input, notification, pivot, read_only, saga, text, work,
};

/// Messages, each with its line.
#[track_caller]
fn check(manifest: &Manifest, expected: &[(&str, u32)]) {
    let refusals = match Choreography::of(manifest, &manifest.sagas[0].name) {
        Ok(_) => Vec::new(),
        Err(refusals) => refusals,
    };
    let found: Vec<_> = refusals
        .iter()
        .map(|refusal| (refusal.message.as_str(), refusal.place.line))
        .collect();
    assert_eq!(found, expected);
    assert!(refusals.iter().all(|refusal| !refusal.help.is_empty()));
}

#[test]
fn handlers_in_a_row_need_no_orchestrator() {
    check(
        &saga(vec![compensatable("Book"), read_only("Look"), pivot("Pay")]),
        &[],
    );
}

#[test]
fn maps_and_savepoints_are_refused() {
    let inner = |name| block(vec![node(compensatable(name))]);
    let manifest = of_nodes(vec![
        map("Rooms", input("rooms"), inner("Room")),
        savepoint("Again", 2, inner("Flight")),
    ]);
    check(
        &manifest,
        &[
            ("`Rooms` does the same for each item of a list", 40),
            ("`Again` is undone and tried again as a part", 60),
        ],
    );
}

#[test]
fn what_is_done_without_a_handler_is_refused() {
    let manifest = fare_processing();
    let refused = Choreography::of(&manifest, "FareProcessing").unwrap_err();
    let messages: Vec<_> = refused.iter().map(|refusal| &refusal.message).collect();
    assert!(
        messages
            .iter()
            .any(|message| message.contains("calls DynamoDB without a handler"))
    );
    let mut manifest = saga(vec![pivot("Pay")]);
    manifest.sagas[0].body.nodes = vec![node(crate::manifest::step(
        "Tell",
        saga_manifest::step::Kind::Pivot,
        send("Outbox", text("done")),
    ))];
    check(
        &manifest,
        &[("`Tell` sends to a queue without a handler", 10)],
    );
}

#[test]
fn notifications_are_refused_since_endings_are_published_anyway() {
    let mut manifest = saga(vec![pivot("Pay")]);
    let cheer = notification("Cheer", Ending::Completed, work("Cheer"));
    let place = cheer.place.line;
    manifest.sagas[0].notifications.push(cheer);
    check(
        &manifest,
        &[("`Cheer` is sent when the saga has ended", place)],
    );
}

#[test]
fn clear_sensitive_data_is_refused_and_tokens_are_not() {
    let mut manifest = saga(vec![pivot("Pay")]);
    let field = |form| SensitiveField {
        path: vec!["card".into(), "number".into()],
        form,
    };
    manifest.sagas[0].input.sensitive = vec![field(SensitiveForm::Token)];
    check(&manifest, &[]);
    manifest.sagas[0].input.sensitive = vec![field(SensitiveForm::Clear)];
    let place = manifest.sagas[0].place.line;
    check(
        &manifest,
        &[(
            "`card.number` of the saga's input is sensitive and enters in clear",
            place,
        )],
    );
}
