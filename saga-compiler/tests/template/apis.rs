//! APIs beside the sagas: their routes, who may, and what their functions may do.

use saga_compiler::{choreograph, compile};
use saga_manifest::Manifest;
use saga_manifest::api::{Access as Allowed, Api, Method, Route};
use saga_manifest::handler::{Access, ResourceKind, Use};
use serde_json::{Value, json};

use super::{Template, json_of};
use crate::manifest::{compensatable, handler, line, options, saga, shown};

fn route(method: Method, path: &str, number: u32) -> Route {
    Route {
        method,
        path: path.into(),
        description: None,
        place: line(number),
    }
}

/// A saga, and an API that begins it.
fn shop(access: Allowed) -> Manifest {
    let mut manifest = saga(vec![compensatable("Book")]);
    let mut function = handler("ShopApi");
    function.uses = vec![Use {
        resource: "Order".into(),
        kind: ResourceKind::Saga,
        access: vec![Access::Start, Access::View],
    }];
    manifest.authorizers = vec![handler("Tokens")];
    manifest.apis = vec![Api {
        function,
        routes: vec![
            route(Method::Get, "/order", 40),
            route(Method::Post, "/order", 41),
            route(Method::Delete, "/order/{userName}", 42),
        ],
        access,
        rate: 7,
        burst: 9,
    }];
    manifest
}

fn tokens() -> Allowed {
    Allowed::Authorizer("Tokens".into())
}

fn of(manifest: &Manifest) -> Template {
    let compiled = compile(manifest, &options());
    Template(json_of(&compiled.unwrap().template))
}

fn by_events(manifest: &Manifest) -> Template {
    let compiled = choreograph(manifest, &options());
    Template(json_of(&compiled.unwrap().template))
}

/// The statements of the API's function, but what all functions have.
fn granted(template: &Template) -> Vec<Value> {
    let statements = template.statements("ShopApiFunctionRole").iter();
    let own = |statement: &&Value| !["Log", "Trace"].contains(&statement["Sid"].as_str().unwrap());
    statements.filter(own).cloned().collect()
}

#[test]
fn a_saga_by_events_is_begun_by_its_own_records_only() {
    let template = by_events(&shop(tokens()));
    let expected = json!([{
        "Sid": "UseOrderSaga",
        "Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
        "Resource": { "Fn::GetAtt": "FenceTable.Arn" },
        "Condition": { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["Order/*"] } },
    }]);
    assert_eq!(json!(granted(&template)), expected);
    let variables = &template.properties("ShopApiFunction")["Environment"]["Variables"];
    assert_eq!(
        *variables,
        json!({ "SAGA_FENCE_TABLE": { "Ref": "FenceTable" } })
    );
}

#[test]
fn a_saga_that_is_only_viewed_is_not_written() {
    let mut manifest = shop(tokens());
    manifest.apis[0].function.uses[0].access = vec![Access::View];
    assert_eq!(
        granted(&by_events(&manifest))[0]["Action"],
        json!(["dynamodb:GetItem"])
    );
    let granted = granted(&of(&manifest));
    assert_eq!(granted.len(), 1);
    assert_eq!(granted[0]["Action"], json!(["states:DescribeExecution"]));
}

#[test]
fn a_state_machine_is_started_and_its_executions_looked_at() {
    let template = of(&shop(tokens()));
    let granted = granted(&template);
    assert_eq!(granted[0]["Action"], json!(["states:StartExecution"]));
    assert_eq!(
        granted[0]["Resource"],
        json!({ "Ref": "OrderStateMachine" })
    );
    assert_eq!(granted[1]["Action"], json!(["states:DescribeExecution"]));
    assert_eq!(granted.len(), 2);
    let variables = &template.properties("ShopApiFunction")["Environment"]["Variables"];
    assert_eq!(
        *variables,
        json!({ "SAGA_MACHINE_Order": { "Ref": "OrderStateMachine" } })
    );
}

#[test]
fn every_route_asks_and_every_other_method_is_405() {
    let template = of(&shop(tokens()));
    let body = &template.properties("ShopApi")["Body"];
    let methods = |path: &str| {
        let methods = body["paths"][path].as_object().unwrap();
        methods.keys().map(String::as_str).collect::<Vec<_>>()
    };
    let other = "x-amazon-apigateway-any-method";
    assert_eq!(methods("/order"), ["get", "post", other]);
    assert_eq!(methods("/order/{userName}"), ["delete", other]);
    for (path, method) in [
        ("/order", "get"),
        ("/order", "post"),
        ("/order/{userName}", "delete"),
    ] {
        let operation = &body["paths"][path][method];
        assert_eq!(
            operation["security"],
            json!([{ "Access": [] }]),
            "{method} {path}"
        );
    }
    let refused = &body["paths"]["/order"][other]["x-amazon-apigateway-integration"];
    assert_eq!(refused["type"], "mock");
    let answer = &refused["responses"]["default"];
    assert_eq!(answer["statusCode"], "405");
    assert_eq!(
        answer["responseParameters"]["method.response.header.Allow"],
        "'GET, POST'"
    );
    let asks = template.statements("TokensFunctionCallerRole");
    assert_eq!(asks.len(), 1);
    assert_eq!(
        asks[0]["Resource"],
        json!({ "Fn::GetAtt": "TokensFunction.Arn" })
    );
    let stage = template.properties("ShopApiStage");
    assert_eq!(stage["MethodSettings"][0]["ThrottlingRateLimit"], 7);
    assert_eq!(stage["MethodSettings"][0]["ThrottlingBurstLimit"], 9);
    let permission = template.properties("ShopApiPermission");
    let source = permission["SourceArn"].to_string();
    assert!(source.contains(":${ShopApi}/live/*"), "{source}");
}

#[test]
fn an_api_is_for_iam_unless_it_says_otherwise() {
    let scheme = |access| {
        let template = of(&shop(access));
        let body = template.properties("ShopApi")["Body"].clone();
        body["components"]["securitySchemes"]["Access"]["x-amazon-apigateway-authtype"].clone()
    };
    assert_eq!(scheme(Allowed::Iam), "awsSigv4");
    assert_eq!(scheme(tokens()), "custom");
    let reason = "anybody may look".to_owned();
    let open = of(&shop(Allowed::Open { reason }));
    assert_eq!(
        open.resource("ShopApi")["Metadata"]["OpenBecause"],
        "anybody may look"
    );
}

#[test]
fn a_deployment_is_another_one_when_a_route_is() {
    let name = |manifest: &Manifest| {
        let template = of(manifest);
        let mut found = template.resources("AWS::ApiGateway::Deployment");
        found.next().unwrap().0.to_owned()
    };
    let mut manifest = shop(tokens());
    let before = name(&manifest);
    assert_eq!(before, name(&manifest));
    manifest.apis[0]
        .routes
        .push(route(Method::Put, "/order", 43));
    assert_ne!(before, name(&manifest));
}

#[test]
fn parameters_below_a_path_have_one_name() {
    let mut manifest = shop(tokens());
    manifest.apis[0]
        .routes
        .push(route(Method::Get, "/order/{id}/items", 43));
    let mistakes = compile(&manifest, &options()).unwrap_err();
    let text = shown(&mistakes);
    assert!(
        text.contains("`/order/` is followed by `{userName}` and by `{id}`"),
        "{text}"
    );
    let lines: Vec<_> = mistakes[0]
        .places
        .iter()
        .map(|(place, _)| place.line)
        .collect();
    assert_eq!(lines, [43, 42]);
}

#[test]
fn an_api_of_a_saga_that_was_not_asked_for_is_left_out() {
    let mut manifest = shop(tokens());
    manifest.retain_sagas("Order");
    assert_eq!((manifest.apis.len(), manifest.authorizers.len()), (1, 1));
    manifest.retain_sagas("Other");
    assert_eq!((manifest.apis.len(), manifest.authorizers.len()), (0, 0));
}
