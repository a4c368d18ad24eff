//! An API in OpenAPI 3.0, with the extensions of API Gateway (developer guide, "OpenAPI extensions for API Gateway").

use std::collections::BTreeMap;

use saga_manifest::api::{Access, Api, Route};

use super::asks;
use crate::logical_id;
use crate::template::authorizer::{REMEMBERED, invocation};
use crate::yaml::{Yaml, list, map};

/// The name of what secures an API.
const SECURITY: &str = "Access";

/// The API.
pub(super) fn body(api: &Api) -> Yaml {
    let about = api.function.description.clone().unwrap_or_default();
    let title = map([
        ("title", Yaml::from(&api.function.name)),
        ("version", "1".into()),
        ("description", about.into()),
    ]);
    let mut paths: BTreeMap<&str, Vec<&Route>> = BTreeMap::new();
    for route in &api.routes {
        paths.entry(&route.path).or_default().push(route);
    }
    let paths = paths.into_iter();
    let paths = map(paths.map(|(name, routes)| (name, path(api, name, &routes))));
    let components =
        security(&api.access).map(|scheme| map([("securitySchemes", map([(SECURITY, scheme)]))]));
    let head = [
        ("openapi", Yaml::from("3.0.1")),
        ("info", title),
        ("paths", paths),
    ];
    map(head
        .into_iter()
        .chain(components.map(|components| ("components", components)))
        .chain([("x-amazon-apigateway-gateway-responses", refusals(api))]))
}

/// The methods of a path. Any other is answered without a token and without the function: 405, and which there are.
fn path(api: &Api, path: &str, routes: &[&Route]) -> Yaml {
    let methods = routes.iter().map(|route| {
        let method = route.method.name().to_ascii_lowercase();
        (method, operation(api, path, route.description.as_deref()))
    });
    let names: Vec<_> = routes.iter().map(|route| route.method.name()).collect();
    let other = not_allowed(path, &names.join(", "));
    let other = ("x-amazon-apigateway-any-method".to_owned(), other);
    map(methods.chain([other]))
}

fn not_allowed(path: &str, allowed: &str) -> Yaml {
    let text = map([("type", Yaml::from("string"))]);
    let header = map([("Allow", map([("schema", text)]))]);
    let answer = map([
        ("description", Yaml::from("There is no such method.")),
        ("headers", header),
    ]);
    let body = format!("{{\"message\": \"this path has {allowed}\"}}");
    let answered = map([
        ("statusCode", Yaml::from("405")),
        (
            "responseParameters",
            map([(
                "method.response.header.Allow",
                format!("'{allowed}'").into(),
            )]),
        ),
        (
            "responseTemplates",
            map([("application/json", body.into())]),
        ),
    ]);
    let integration = map([
        ("type", Yaml::from("mock")),
        ("passthroughBehavior", "never".into()),
        (
            "requestTemplates",
            map([("application/json", Yaml::from("{\"statusCode\": 405}"))]),
        ),
        ("responses", map([("default", answered)])),
    ]);
    let parts = parameters(path).map(|parameters| ("parameters", parameters));
    map(parts.into_iter().chain([
        ("responses", map([("405", answer)])),
        ("x-amazon-apigateway-integration", integration),
    ]))
}

fn operation(api: &Api, path: &str, about: Option<&str>) -> Yaml {
    let parameters = parameters(path).map(|parameters| ("parameters", parameters));
    let secured = security(&api.access).is_some();
    let security = secured.then(|| {
        (
            "security",
            list([map([(SECURITY, Yaml::List(Vec::new()))])]),
        )
    });
    let answers = map([("default", map([("description", Yaml::from("JSON."))]))]);
    let about = about.map(|about| ("summary", Yaml::from(about)));
    map(about
        .into_iter()
        .chain(parameters)
        .chain([("responses", answers)])
        .chain(security)
        .chain([("x-amazon-apigateway-integration", integration(api))]))
}

/// The parameters of a path, if it has any.
fn parameters(path: &str) -> Option<Yaml> {
    let names = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<_> = names.map(parameter).collect();
    (!parameters.is_empty()).then(|| list(parameters))
}

fn parameter(name: &str) -> Yaml {
    map([
        ("name", Yaml::from(name)),
        ("in", "path".into()),
        ("required", true.into()),
        ("schema", map([("type", Yaml::from("string"))])),
    ])
}

fn integration(api: &Api) -> Yaml {
    map([
        ("type", Yaml::from("aws_proxy")),
        ("httpMethod", "POST".into()),
        ("uri", invocation_of(&api.function.name)),
        ("passthroughBehavior", "when_no_match".into()),
    ])
}

fn invocation_of(function: &str) -> Yaml {
    invocation(&format!("{}.Arn", logical_id::function(function)))
}

/// What says who may; none where everybody may.
fn security(access: &Access) -> Option<Yaml> {
    let scheme = |kind: &str| {
        [
            ("type", Yaml::from("apiKey")),
            ("name", "Authorization".into()),
            ("in", "header".into()),
            ("x-amazon-apigateway-authtype", kind.into()),
        ]
    };
    match access {
        Access::Open { .. } => None,
        Access::Iam => Some(map(scheme("awsSigv4"))),
        Access::Authorizer(name) => {
            let authorizer = map([
                ("type", Yaml::from("token")),
                ("authorizerUri", invocation_of(name)),
                ("authorizerCredentials", Yaml::attribute(&asks(name), "Arn")),
                ("authorizerResultTtlInSeconds", REMEMBERED.into()),
            ]);
            Some(map(scheme("custom")
                .into_iter()
                .chain([("x-amazon-apigateway-authorizer", authorizer)])))
        }
    }
}

/// What API Gateway answers itself. It takes a path that it does not know for one without a token, which it is only where
/// requests are signed.
fn refusals(api: &Api) -> Yaml {
    let message = |status: u32, message: &str| {
        let body = format!("{{\"message\": \"{message}\"}}");
        let templates = map([("application/json", Yaml::from(body))]);
        [
            ("statusCode", Yaml::from(status)),
            ("responseTemplates", templates),
        ]
    };
    let bearer = map([(
        "gatewayresponse.header.WWW-Authenticate",
        Yaml::from("'Bearer'"),
    )]);
    let unauthorized = message(
        401,
        "a token is asked for in the header Authorization: Bearer …",
    );
    let unauthorized = unauthorized
        .into_iter()
        .chain([("responseParameters", bearer)]);
    let unknown = (
        "MISSING_AUTHENTICATION_TOKEN",
        map(message(404, "there is no such path")),
    );
    let denied = (
        "ACCESS_DENIED",
        map(message(403, "this token does not allow it")),
    );
    match api.access {
        Access::Iam => map([denied]),
        Access::Open { .. } => map([unknown]),
        Access::Authorizer(_) => map([denied, unknown, ("UNAUTHORIZED", map(unauthorized))]),
    }
}
