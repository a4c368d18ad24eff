//! APIs beside the sagas: one function behind all routes of each, and the function that says who may.

mod body;

use saga_manifest::api::{Access, Api};
use saga_manifest::handler::Handler;

use super::function::{self, Runtime};
use super::stack::Stack;
use super::stage::{STAGE, digest, stage};
use super::{output, policy, resource, role, tags};
use crate::checked::Resources;
use crate::logical_id;
use crate::yaml::{Yaml, list, map};

/// Adds the APIs of a package.
pub(super) fn add(resources: &Resources<'_>, stack: &mut Stack<'_>) {
    for authorizer in resources.authorizers {
        add_authorizer(authorizer, resources, stack);
    }
    for api in resources.apis {
        add_api(api, resources, stack);
    }
}

/// The role by which API Gateway asks an authorizer.
fn asks(authorizer: &str) -> String {
    format!("{}CallerRole", logical_id::function(authorizer))
}

fn add_authorizer(authorizer: &Handler, resources: &Resources<'_>, stack: &mut Stack<'_>) {
    function::add(authorizer, resources, Runtime::default(), stack);
    let arn = Yaml::attribute(&logical_id::function(&authorizer.name), "Arn");
    let ask = policy::allow("Ask", ["lambda:InvokeFunction"], arn);
    let about = format!("Asks {} who may.", authorizer.name);
    let service = "apigateway.amazonaws.com";
    let role = role::role(service, &about, vec![ask], stack.options, None);
    stack.resource(asks(&authorizer.name), role, &authorizer.place);
}

fn add_api(api: &Api, resources: &Resources<'_>, stack: &mut Stack<'_>) {
    let handler = &api.function;
    let place = &handler.place;
    let id = logical_id::of(&handler.name, "Api");
    function::add(handler, resources, Runtime::default(), stack);
    let body = body::body(api);
    // Whatever a deployment is a snapshot of: its name changes with it, or the old one stayed.
    let deployment = format!(
        "{id}Deployment{}",
        digest(&body.to_text().unwrap_or_default())
    );
    stack.resource(id.clone(), rest_api(api, &id, body, stack), place);
    stack.resource(format!("{id}Permission"), permission(api, &id), place);
    let properties = map([
        ("RestApiId", Yaml::reference(&id)),
        (
            "Description",
            format!("The routes of {}.", handler.name).into(),
        ),
    ]);
    let snapshot = resource("AWS::ApiGateway::Deployment", [], properties);
    stack.resource(deployment.clone(), snapshot, place);
    let stage = stage(&id, None, &deployment, (api.rate, api.burst), stack);
    stack.resource(format!("{id}Stage"), stage, place);
    let url = format!("https://${{{id}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{STAGE}");
    let about = format!("URL of {}.", handler.name);
    stack.output(
        format!("{id}Url"),
        output::output(&about, Yaml::substituted(url)),
    );
}

fn rest_api(api: &Api, id: &str, body: Yaml, stack: &Stack<'_>) -> Yaml {
    let reason = match &api.access {
        Access::Open { reason } => Some(("Metadata", map([("OpenBecause", Yaml::from(reason))]))),
        Access::Iam | Access::Authorizer(_) => None,
    };
    let properties = map([
        (
            "Name",
            Yaml::substituted(format!("${{AWS::StackName}}-{id}")),
        ),
        (
            "EndpointConfiguration",
            map([("Types", list(["REGIONAL"]))]),
        ),
        ("Body", body),
        ("Tags", tags::as_list(stack.options, None)),
    ]);
    resource("AWS::ApiGateway::RestApi", reason, properties)
}

/// API Gateway may invoke the function for this API, and for no other.
fn permission(api: &Api, id: &str) -> Yaml {
    let source = format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{id}}}/{STAGE}/*"
    );
    let source = Yaml::substituted(source).commented("all routes of the API are the function's");
    let function = logical_id::function(&api.function.name);
    let properties = map([
        ("Action", Yaml::from("lambda:InvokeFunction")),
        ("FunctionName", Yaml::attribute(&function, "Arn")),
        ("Principal", "apigateway.amazonaws.com".into()),
        ("SourceArn", source),
    ]);
    resource("AWS::Lambda::Permission", [], properties)
}
