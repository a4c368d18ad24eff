//! The table of the fences, and who is given it.

use saga_manifest::Manifest;
use serde_json::{Value, json};

use super::Template;
use crate::manifest::{compensatable, compile, read_only, saga};

/// A saga that books a seat, and reads it before.
fn booking() -> Manifest {
    saga(vec![read_only("Look"), compensatable("Book")])
}

/// The same, whose handlers say why they need no fence.
fn unfenced() -> Manifest {
    let mut manifest = booking();
    for handler in &mut manifest.handlers {
        handler.unfenced = Some("naturally idempotent because seats are numbered".into());
    }
    manifest
}

fn saga_of(manifest: &Manifest, state: &str) -> Value {
    let output = compile(manifest);
    let text = output.definitions[0].machine.to_value().to_string();
    let machine: Value = serde_json::from_str(&text).unwrap();
    machine["States"][state]["Arguments"]["Payload"]["saga"].clone()
}

#[test]
fn one_table_holds_the_fences_of_a_stack_until_their_sagas_are_long_over() {
    let template = Template::of(&booking());
    let table = template.properties("FenceTable");
    let keys = json!([
        { "AttributeName": "saga", "KeyType": "HASH" },
        { "AttributeName": "instance", "KeyType": "RANGE" },
    ]);
    assert_eq!(table["KeySchema"], keys);
    let expiry = json!({ "AttributeName": "expires", "Enabled": true });
    assert_eq!(table["TimeToLiveSpecification"], expiry);
    let recovery = json!({ "PointInTimeRecoveryEnabled": true });
    assert_eq!(table["PointInTimeRecoverySpecification"], recovery);
    assert_eq!(table["SSESpecification"]["SSEEnabled"], true);
}

#[test]
fn a_function_with_an_effect_may_put_into_it_and_no_more() {
    let template = Template::of(&booking());
    let statements = template.statements("BookFunctionRole");
    let fences = statements.iter().find(|one| one["Sid"] == "UseFences");
    let expected = json!({
        "Sid": "UseFences",
        "Effect": "Allow",
        "Action": ["dynamodb:PutItem"],
        "Resource": { "Fn::GetAtt": "FenceTable.Arn" },
    });
    assert_eq!(fences, Some(&expected));
    let reading = template.statements("LookFunctionRole");
    assert!(reading.iter().all(|one| one["Sid"] != "UseFences"));
    assert_eq!(
        template.properties("LookFunction")["Environment"],
        Value::Null
    );
}

#[test]
fn a_fenced_call_says_which_delivery_it_is() {
    let order = json!({
        "entered": "{% $toMillis($states.context.State.EnteredTime) %}",
        "redrive": "{% $exists($states.context.Execution.RedriveCount) ? $states.context.Execution.RedriveCount : 0 %}",
        "sent": "{% $millis() %}",
    });
    assert_eq!(saga_of(&booking(), "Book")["fence"], order);
    assert_eq!(saga_of(&booking(), "UndoBook")["fence"], order);
    assert_eq!(saga_of(&booking(), "UndoBook")["step"], "Book");
    assert_eq!(saga_of(&booking(), "Look")["fence"], Value::Null);
}

#[test]
fn a_stack_without_fences_has_no_table() {
    let template = Template::of(&unfenced());
    assert_eq!(template.resources("AWS::DynamoDB::Table").count(), 0);
    assert_eq!(saga_of(&unfenced(), "Book")["fence"], Value::Null);
}
