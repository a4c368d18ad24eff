//! The template of a saga by events: narrow rules, a way out of every failure, roles with what they use.

use saga_compiler::choreograph;
use saga_manifest::Manifest;
use saga_manifest::flow::End;
use saga_manifest::step::EventName;
use serde_json::{Value, json};

use super::{Template, json_of};
use crate::manifest::blocks::{block, ending, node, of_body, parallel, wait};
use crate::manifest::{compensatable, options, pivot, text};

fn template(manifest: &Manifest) -> Template {
    let compiled = choreograph(manifest, &options());
    Template(json_of(&compiled.unwrap().template))
}

/// Flight and hotel at the same time, a pause, and the pivot.
fn trip() -> Manifest {
    let both = vec![
        block(vec![node(compensatable("Flight"))]),
        block(vec![node(compensatable("Hotel"))]),
    ];
    let nodes = vec![
        parallel("Travel", both),
        wait("Think", 60),
        node(pivot("Pay")),
    ];
    of_body(ending(nodes, End::Complete(text("done"))))
}

#[track_caller]
fn check_rule(template: &Template, rule: &str, function: &str, step: &str, kinds: &[&str]) {
    let rule = template.properties(rule);
    let pattern = &rule["EventPattern"];
    assert_eq!(pattern["detail"]["step"], json!([step]));
    let mut named: Vec<_> = kinds.to_vec();
    named.sort_unstable();
    assert_eq!(pattern["detail-type"], json!(named));
    let target = &rule["Targets"][0];
    assert_eq!(
        target["Arn"],
        json!({ "Fn::GetAtt": format!("{function}.Arn") })
    );
    assert_eq!(target["RetryPolicy"]["MaximumEventAgeInSeconds"], 86_400);
    assert!(target["DeadLetterConfig"]["Arn"].is_object());
}

#[test]
fn a_rule_names_what_its_step_can_follow() {
    let template = template(&trip());
    let again = |step: &str| [format!("{step}Overdue"), format!("{step}Retried")];
    let check = |rule: &str, function: &str, step: &str, kinds: &[&str]| {
        let again = again(step);
        let mut all: Vec<&str> = again.iter().map(String::as_str).collect();
        all.extend(kinds);
        all.push("OrderRedriven");
        check_rule(&template, rule, function, step, &all);
    };
    check(
        "OrderDoFlightRule",
        "FlightFunction",
        "Flight",
        &["OrderStarted"],
    );
    check("OrderDoPayRule", "PayFunction", "Pay", &["ThinkDone"]);
    check(
        "OrderUndoFlightRule",
        "RevertFlightFunction",
        "Flight",
        &[
            "FlightFailed",
            "FlightUndone",
            "HotelFailed",
            "HotelUndone",
            "PayFailed",
        ],
    );
}

#[test]
fn every_rule_has_a_function_that_may_be_invoked_by_it_alone() {
    let template = template(&trip());
    let rules: Vec<_> = template.resources("AWS::Events::Rule").collect();
    // Two steps with undos, the pivot, requests and ends of pauses.
    assert_eq!(rules.len(), 7);
    for (id, rule) in rules {
        let permission = template.properties(&format!("{id}Permission"));
        assert_eq!(
            permission["SourceArn"],
            json!({ "Fn::GetAtt": format!("{id}.Arn") })
        );
        assert_eq!(permission["FunctionName"], rule["Targets"][0]["Arn"]);
    }
    for (id, function) in template.resources("AWS::Serverless::Function") {
        if id != "SagaPublisherFunction" {
            let failed = &function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"];
            assert_eq!(failed["Type"], "SQS", "{id}");
        }
    }
}

#[test]
fn roles_allow_what_is_used_and_nothing_else() {
    let template = template(&trip());
    for (id, _) in template.resources("AWS::IAM::Role").collect::<Vec<_>>() {
        for statement in template.statements(id) {
            let actions = statement["Action"].as_array().unwrap();
            assert!(
                actions
                    .iter()
                    .all(|action| !action.as_str().unwrap().contains('*'))
            );
            let everything = statement["Resource"] == "*";
            let sid = statement["Sid"].as_str().unwrap();
            assert!(
                !everything || ["Trace", "ListStreams"].contains(&sid),
                "{id}: {sid}"
            );
        }
    }
    let publisher = template.statements("SagaPublisherFunctionRole");
    let pass = publisher
        .iter()
        .find(|statement| statement["Sid"] == "HandOverRole");
    let to = &pass.unwrap()["Condition"]["StringEquals"]["iam:PassedToService"];
    assert_eq!(*to, "scheduler.amazonaws.com");
}

#[test]
fn outboxes_leave_the_table_by_its_stream() {
    let template = template(&trip());
    let table = template.properties("FenceTable");
    assert_eq!(table["StreamSpecification"]["StreamViewType"], "NEW_IMAGE");
    let stream = template.properties("SagaPublisherFunctionStream");
    assert_eq!(
        stream["EventSourceArn"],
        json!({ "Fn::GetAtt": "FenceTable.StreamArn" })
    );
    assert_eq!(
        stream["FunctionResponseTypes"],
        json!(["ReportBatchItemFailures"])
    );
    let filter = stream["FilterCriteria"]["Filters"][0]["Pattern"]
        .as_str()
        .unwrap();
    let filter: Value = serde_json::from_str(filter).unwrap();
    assert_eq!(
        filter["dynamodb"]["Keys"]["instance"]["S"],
        json!(["#record"])
    );
}

#[test]
fn events_are_called_as_their_author_says() {
    let mut manifest = trip();
    let name = |kind: &str| EventName {
        source: "com.flight".into(),
        kind: kind.into(),
    };
    let mut flight = compensatable("Flight");
    flight.call.events.done = Some(name("Booked"));
    manifest.sagas[0].body.nodes[0] = node(flight);
    let template = template(&manifest);
    let pause = template.properties("OrderDoPayRule");
    assert_eq!(pause["EventPattern"]["source"], json!(["saga.Order"]));
    manifest.sagas[0].body.nodes.remove(1);
    let compiled = choreograph(&manifest, &options()).unwrap();
    let template = Template(json_of(&compiled.template));
    let pattern = &template.properties("OrderDoPayRule")["EventPattern"];
    assert_eq!(pattern["source"], json!(["com.flight", "saga.Order"]));
    let kinds = pattern["detail-type"].as_array().unwrap();
    assert!(kinds.contains(&json!("Booked")) && !kinds.contains(&json!("FlightDone")));
}

#[test]
fn schemas_are_in_the_words_of_the_registry() {
    let mut manifest = trip();
    for handler in &mut manifest.handlers {
        handler.input.schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": { "kind": { "const": "a" }, "of": { "$ref": "#/$defs/Of" } },
            "$defs": { "Of": { "type": "integer" } },
        });
    }
    let template = template(&manifest);
    let content = template.properties("OrderDoPaySchema")["Content"]
        .as_str()
        .unwrap();
    let schema: Value = serde_json::from_str(content).unwrap();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-04/schema#");
    let data = &schema["properties"]["data"];
    assert_eq!(data["properties"]["kind"], json!({ "enum": ["a"] }));
    assert_eq!(
        data["properties"]["of"],
        json!({ "$ref": "#/definitions/Of" })
    );
    assert_eq!(
        schema["definitions"],
        json!({ "Of": { "type": "integer" } })
    );
    assert_eq!(schema["properties"]["step"], json!({ "enum": ["Pay"] }));
}

#[test]
fn what_needs_an_orchestrator_is_a_diagnostic_with_its_place() {
    let mistakes = choreograph(&crate::manifest::fare_processing(), &options()).unwrap_err();
    let text = crate::manifest::shown(&mistakes);
    assert!(
        text.contains("calls DynamoDB without a handler: that needs an orchestrator"),
        "{text}"
    );
    assert!(text.contains("--> src/saga.rs:"), "{text}");
    assert!(text.contains("help: do it in a handler"), "{text}");
}
