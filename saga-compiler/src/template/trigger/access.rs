//! Who may send requests.

use saga_manifest::place::Place;
use saga_manifest::trigger::Access;

use crate::template::authorizer::{REMEMBERED, invocation};
use crate::template::stack::Stack;
use crate::template::{parameter, policy, resource, role};
use crate::yaml::{Yaml, map};

/// What a method says of it: properties, and a reason for those who read the template.
pub(super) struct Granted {
    pub(super) properties: Vec<(&'static str, Yaml)>,
    pub(super) reason: Option<Yaml>,
}

/// Adds what asks who may, if something does.
pub(super) fn add(
    access: &Access,
    api: &str,
    saga: &str,
    place: &Place,
    stack: &mut Stack<'_>,
) -> Granted {
    match access {
        Access::Iam => Granted {
            properties: vec![("AuthorizationType", "AWS_IAM".into())],
            reason: None,
        },
        Access::Open { reason } => Granted {
            properties: vec![("AuthorizationType", "NONE".into())],
            reason: Some(map([("OpenBecause", Yaml::from(reason))])),
        },
        Access::Authorizer { parameter } => {
            let id = format!("{api}Authorizer");
            authorizer(&id, api, parameter, saga, place, stack);
            Granted {
                properties: vec![
                    ("AuthorizationType", "CUSTOM".into()),
                    ("AuthorizerId", Yaml::reference(&id)),
                ],
                reason: None,
            }
        }
    }
}

fn authorizer(
    id: &str,
    api: &str,
    function: &str,
    saga: &str,
    place: &Place,
    stack: &mut Stack<'_>,
) {
    let about = format!("ARN of the function that says who may start {saga}.");
    stack.parameter(function, parameter::text(&about), place);
    let ask = policy::allow("Ask", ["lambda:InvokeFunction"], Yaml::reference(function));
    let about = format!("Asks who may start {saga}.");
    let granted = role::role(
        "apigateway.amazonaws.com",
        &about,
        vec![ask],
        stack.options,
        Some(saga),
    );
    stack.resource(format!("{id}Role"), granted, place);
    let properties = map([
        ("Name", Yaml::from(id)),
        ("RestApiId", Yaml::reference(api)),
        ("Type", "TOKEN".into()),
        (
            "IdentitySource",
            "method.request.header.Authorization".into(),
        ),
        ("AuthorizerUri", invocation(function)),
        (
            "AuthorizerCredentials",
            Yaml::attribute(&format!("{id}Role"), "Arn"),
        ),
        ("AuthorizerResultTtlInSeconds", REMEMBERED.into()),
    ]);
    stack.resource(
        id.to_owned(),
        resource("AWS::ApiGateway::Authorizer", [], properties),
        place,
    );
}
