//! What starts a saga. The routes of an API are run by the integration tests of the command line.

use saga_manifest::Manifest;
use saga_manifest::trigger::{Access, DetailFilter, Event, Http, Schedule, Source, Trigger};
use serde_json::json;

use super::Template;
use crate::manifest::{compensatable, line, saga};

fn manifest(source: Source) -> Manifest {
    let mut manifest = saga(vec![compensatable("Book")]);
    let place = line(20);
    manifest.sagas[0].triggers = vec![Trigger { place, source }];
    manifest
}

fn http(path: &str, access: Access) -> Manifest {
    manifest(Source::Http(Http {
        path: path.into(),
        key: vec!["id".into()],
        access,
        rate: 5,
        burst: 7,
    }))
}

/// Starts the saga every morning.
pub fn every_morning() -> Trigger {
    let source = Source::Schedule(Schedule {
        expression: "cron(0 9 * * ? *)".into(),
        time_zone: Some("Europe/Zurich".into()),
        input: json!({ "b": 1, "a": "x" }),
    });
    Trigger {
        place: line(20),
        source,
    }
}

#[test]
fn a_saga_without_triggers_has_none_of_it() {
    let template = Template::of(&saga(vec![compensatable("Book")]));
    for kind in [
        "AWS::ApiGateway::RestApi",
        "AWS::Pipes::Pipe",
        "AWS::Scheduler::Schedule",
    ] {
        assert_eq!(template.resources(kind).count(), 0, "{kind}");
    }
    let machines = template.resources("AWS::StepFunctions::StateMachine");
    assert!(machines.map(|(id, _)| id).all(|id| id != "OrderStarter"));
}

#[test]
fn a_schedule_starts_the_saga_with_its_input_and_keeps_what_it_cannot_start() {
    let template = Template::of(&manifest(every_morning().source));
    let schedule = template.properties("OrderSchedule");
    assert_eq!(schedule["ScheduleExpression"], "cron(0 9 * * ? *)");
    assert_eq!(schedule["ScheduleExpressionTimezone"], "Europe/Zurich");
    let target = &schedule["Target"];
    assert_eq!(target["Arn"], json!({ "Ref": "OrderStateMachine" }));
    assert_eq!(target["Input"], "{\"a\":\"x\",\"b\":1}");
    let letters = json!({ "Fn::GetAtt": "OrderNotStarted.Arn" });
    assert_eq!(target["DeadLetterConfig"]["Arn"], letters);
    let statements = template.statements("OrderScheduleRole");
    assert_eq!(statements[0]["Action"], json!(["states:StartExecution"]));
    assert_eq!(
        statements[0]["Resource"],
        json!({ "Ref": "OrderStateMachine" })
    );
    assert_eq!(statements[1]["Action"], json!(["sqs:SendMessage"]));
    assert_eq!(statements[1]["Resource"], letters);
    assert_eq!(statements.len(), 2);
    template.properties("OrderNotStartedAlarm");
}

#[test]
fn filters_of_events_become_one_pattern() {
    let filter = |path: &[&str], value: &str| DetailFilter {
        path: path.iter().map(|name| (*name).to_owned()).collect(),
        any_of: vec![value.into()],
    };
    let template = Template::of(&manifest(Source::Event(Event {
        source: "com.shop".into(),
        detail_type: "Placed".into(),
        key: vec!["id".into()],
        bus: Some("ShopBus".into()),
        filters: vec![
            filter(&["kind"], "express"),
            filter(&["from", "country"], "CH"),
            filter(&["from", "city"], "Bern"),
        ],
    })));
    let rule = template.properties("OrderEvent");
    assert_eq!(rule["EventBusName"], json!({ "Ref": "ShopBus" }));
    let detail = json!({
        "kind": ["express"],
        "from": { "country": ["CH"], "city": ["Bern"] },
    });
    assert_eq!(rule["EventPattern"]["detail"], detail);
    assert!(template.section("Parameters")["ShopBus"].is_object());
}

#[test]
fn an_api_is_closed_if_nothing_else_is_said() {
    let template = Template::of(&http("/orders", Access::Iam));
    for method in ["OrderApiStart", "OrderApiOutcome"] {
        assert_eq!(template.properties(method)["AuthorizationType"], "AWS_IAM");
    }
}

#[test]
fn an_authorizer_is_asked_under_a_role_that_may_do_nothing_else() {
    let parameter = "AuthorizerArn".to_owned();
    let template = Template::of(&http("/orders", Access::Authorizer { parameter }));
    for method in ["OrderApiStart", "OrderApiOutcome"] {
        let method = template.properties(method);
        assert_eq!(method["AuthorizationType"], "CUSTOM");
        assert_eq!(
            method["AuthorizerId"],
            json!({ "Ref": "OrderApiAuthorizer" })
        );
    }
    let authorizer = template.properties("OrderApiAuthorizer");
    assert_eq!(authorizer["Type"], "TOKEN");
    let statements = template.statements("OrderApiAuthorizerRole");
    assert_eq!(statements.len(), 1);
    assert_eq!(statements[0]["Resource"], json!({ "Ref": "AuthorizerArn" }));
}

#[test]
fn an_open_api_keeps_its_reason() {
    let reason = "a public form".to_owned();
    let template = Template::of(&http("/orders", Access::Open { reason }));
    let method = template.resource("OrderApiStart");
    assert_eq!(method["Properties"]["AuthorizationType"], "NONE");
    assert_eq!(method["Metadata"]["OpenBecause"], "a public form");
}

#[test]
fn a_deployment_is_named_anew_when_what_it_is_a_snapshot_of_changes() {
    let deployment = |path: &str| {
        let template = Template::of(&http(path, Access::Iam));
        let mut found = template.resources("AWS::ApiGateway::Deployment");
        found.next().map(|(id, _)| id.to_owned())
    };
    assert_eq!(deployment("/orders"), deployment("/orders"));
    assert_ne!(deployment("/orders"), deployment("/order"));
    let template = Template::of(&http("/shop/orders", Access::Iam));
    assert_eq!(template.properties("OrderApiPath1")["PathPart"], "shop");
    let parent = &template.properties("OrderApiPath2")["ParentId"];
    assert_eq!(*parent, json!({ "Ref": "OrderApiPath1" }));
}
