//! API Gateway, as the template has it: from a request to a route, by an authorizer's policy to a function.

use std::collections::BTreeMap;

use saga_compiler::yaml::Yaml;
use serde_json::{Map, Value, json};

use crate::rules::{handlers, of_type};

/// The stage of all APIs, as requests' ARNs have it.
const STAGE: &str = "arn:aws:execute-api:eu-west-1:123456789012:abc/live";

/// The APIs of a template.
pub struct Gateway {
    apis: Vec<Value>,
    /// Handlers, by what refers to their functions' ARNs.
    handlers: BTreeMap<String, String>,
}

/// Where a request leads.
pub enum Way {
    /// API Gateway answers itself.
    Answered(Value),
    /// A function does, if another one lets the request in.
    Asked {
        authorizer: String,
        question: Value,
        function: String,
        event: Value,
    },
}

impl Gateway {
    pub fn of(template: &Yaml) -> Self {
        let apis = of_type(template, "AWS::ApiGateway::RestApi").into_iter();
        Self {
            apis: apis.map(|(_, api)| api["Body"].clone()).collect(),
            handlers: handlers(template),
        }
    }

    /// Where a request leads: `/order/ann?orderDate=…`.
    pub fn way(&self, method: &str, target: &str, token: &str, body: &Value) -> Way {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let found = self.apis.iter().find_map(|api| {
            let mut paths = api["paths"].as_object().unwrap().iter();
            paths.find_map(|(template, methods)| {
                Some((api, template, methods, parameters(template, path)?))
            })
        });
        let Some((api, resource, methods, parameters)) = found else {
            let refusals = &self.apis[0]["x-amazon-apigateway-gateway-responses"];
            return Way::Answered(refusals["MISSING_AUTHENTICATION_TOKEN"].clone());
        };
        let known = methods.get(method.to_ascii_lowercase());
        let operation = known.unwrap_or(&methods["x-amazon-apigateway-any-method"]);
        let integration = &operation["x-amazon-apigateway-integration"];
        if integration["type"] == "mock" {
            return Way::Answered(integration["responses"]["default"].clone());
        }
        assert_eq!(
            operation["security"],
            json!([{ "Access": [] }]),
            "nothing is open"
        );
        let access = &api["components"]["securitySchemes"]["Access"];
        let authorizer = &access["x-amazon-apigateway-authorizer"]["authorizerUri"];
        let question = json!({
            "type": "TOKEN",
            "authorizationToken": format!("Bearer {token}"),
            "methodArn": format!("{STAGE}/{method}{path}"),
        });
        let query: Map<String, Value> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let event = json!({
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": { "Content-Type": "application/json" },
            "queryStringParameters": query,
            "pathParameters": parameters,
            "body": match body { Value::Null => Value::Null, body => body.to_string().into() },
            "isBase64Encoded": false,
        });
        Way::Asked {
            authorizer: self.invoked(authorizer),
            question,
            function: self.invoked(&integration["uri"]),
            event,
        }
    }

    /// The handler of the function that a URI invokes.
    fn invoked(&self, uri: &Value) -> String {
        let uri = uri.as_str().unwrap();
        let mut handlers = self.handlers.iter();
        let found = handlers.find(|(arn, _)| uri.contains(&format!("/${{{arn}}}/")));
        found
            .unwrap_or_else(|| panic!("{uri} is no function of the stack"))
            .1
            .clone()
    }
}

/// Whether a policy lets a request in.
pub fn allows(policy: &Value, question: &Value) -> bool {
    let asked = question["methodArn"].as_str().unwrap();
    let statements = policy["policyDocument"]["Statement"].as_array().unwrap();
    statements.iter().any(|statement| {
        assert_eq!(statement["Effect"], "Allow");
        let mut patterns = statement["Resource"].as_array().unwrap().iter();
        patterns.any(|pattern| fits(pattern.as_str().unwrap(), asked))
    })
}

/// Whether a pattern with `*` fits a text.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|left| {
            (0..=left.len()).any(|skipped| left.get(skipped..).is_some_and(|tail| fits(rest, tail)))
        }),
    }
}

/// The parameters of a path that a template fits.
fn parameters(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    if template.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut parameters = BTreeMap::new();
    for (part, given) in template.split('/').zip(path.split('/')) {
        match part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'))
        {
            Some(name) => {
                parameters.insert(name.to_owned(), given.to_owned());
            }
            None if part == given => {}
            None => return None,
        }
    }
    Some(parameters)
}
