//! Sensitive data on its way to where it may not be.

use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::saga::{HistoryKey, KeySource, SensitiveField, SensitiveForm};
use saga_manifest::step::{Call, Kind};
use saga_manifest::task::{Attribute, Shape, Task};

use super::check;
use crate::manifest::{call, compile, field, input, invoke, object, saga, step, table};

fn card(form: SensitiveForm) -> SensitiveField {
    SensitiveField {
        path: vec!["card".into(), "number".into()],
        form,
    }
}

/// A saga whose input holds a card number, and which makes that call.
fn calling(call: Call, form: SensitiveForm) -> Manifest {
    let mut manifest = saga(vec![step("Pay", Kind::Pivot, call)]);
    manifest.sagas[0].input.sensitive = vec![card(form)];
    manifest.tables.push(table("Orders", "id"));
    manifest
}

fn keyed(mut manifest: Manifest) -> Manifest {
    manifest.sagas[0].history_key = Some(HistoryKey {
        key: KeySource::Created,
        reason: "the provider takes card numbers only".into(),
    });
    manifest
}

fn put(value: Expr) -> Call {
    let attribute = |name: &str, value| Attribute {
        name: name.into(),
        shape: Shape::String,
        value,
    };
    let item = vec![attribute("id", input("id")), attribute("card", value)];
    call(Task::DynamodbPut {
        table: "Orders".into(),
        item,
        condition: None,
    })
}

#[test]
fn a_clear_field_of_the_input_needs_a_key_for_the_history() {
    let manifest = calling(invoke("Pay", Expr::SagaId), SensitiveForm::Clear);
    let message = "the sensitive field `card.number` in the saga's input would stand in clear";
    check(&manifest, message, "customer KMS key", &[1]);
    compile(&keyed(manifest));
}

#[test]
fn a_clear_field_of_a_handlers_output_needs_a_key_for_the_history() {
    let mut manifest = calling(invoke("Pay", Expr::SagaId), SensitiveForm::Token);
    manifest.handlers[0].output.sensitive = vec![card(SensitiveForm::Clear)];
    manifest.handlers[0].unfenced = Some("naturally idempotent".into());
    let message = "the sensitive field `card.number` in the output of `Pay`";
    check(&manifest, message, "token", &[10, 900]);
}

/// Even where a key encrypts the history: the fences' table is another place.
#[test]
fn a_fence_keeps_no_clear_field_of_an_answer() {
    let mut manifest = keyed(calling(invoke("Pay", Expr::SagaId), SensitiveForm::Token));
    manifest.handlers[0].output.sensitive = vec![card(SensitiveForm::Clear)];
    let message = "the fence of `Pay` would keep the sensitive field `card.number` of its answer";
    check(&manifest, message, "unfenced", &[10, 900]);
    manifest.handlers[0].unfenced = Some("naturally idempotent".into());
    compile(&manifest);
}

#[test]
fn tokens_and_ciphertext_may_enter() {
    for form in [SensitiveForm::Token, SensitiveForm::Ciphertext] {
        compile(&calling(invoke("Pay", Expr::Input), form));
    }
}

/// However it gets there: as a field, inside a larger value, or projected.
#[test]
fn a_table_takes_no_sensitive_data_in_clear() {
    let card = || input("card");
    let ways = [
        field(card(), "number"),
        card(),
        Expr::Input,
        object([("inner", card())]),
        Expr::List(vec![card()]),
        Expr::IfPresent {
            value: Box::new(Expr::SagaId),
            then: Box::new(card()),
            otherwise: Box::new(Expr::SagaId),
        },
    ];
    for way in ways {
        let manifest = keyed(calling(put(way), SensitiveForm::Clear));
        check(
            &manifest,
            "writes sensitive data in clear to a table",
            "leave the field out",
            &[10],
        );
    }
    let other = field(card(), "holder");
    compile(&keyed(calling(put(other), SensitiveForm::Clear)));
}
