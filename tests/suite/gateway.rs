//! API Gateway, as far as our templates use it: routes, IAM, the model, mapping templates, and Step Functions
//! behind them. The starter runs on the engine; `StartExecution` and `DescribeExecution` answer as AWS documents.

mod model;
mod states;
mod vtl;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::template::{Template, referred};
pub use states::{Starter, States};

/// The ARN that stands for a state machine.
pub fn machine_arn(id: &str) -> String {
    format!("arn:aws:states:us-east-1:123456789012:stateMachine:{id}")
}

/// An answer.
#[derive(Debug, PartialEq)]
pub struct Response {
    pub status: u64,
    pub location: Option<String>,
    pub body: Value,
}

/// The API of a saga.
pub struct Gateway {
    template: &'static Template,
    starter: Starter,
}

/// A request.
pub struct Request<'r> {
    pub verb: &'r str,
    pub path: &'r str,
    pub content_type: &'r str,
    pub body: &'r str,
    /// Whether it is signed by somebody whom IAM allows it.
    pub signed: bool,
}

impl Gateway {
    /// The API in a template, and the starter of that name.
    pub fn of(template: &'static Template, starter: &str) -> Self {
        let starter = Starter::of(template, starter);
        Self { template, starter }
    }

    /// Answers a request.
    pub fn answer(&self, request: &Request<'_>, states: &mut States) -> Response {
        let Some((method, parameters)) = self.routed(request) else {
            return refused(403, "Missing Authentication Token");
        };
        if method["AuthorizationType"] == "AWS_IAM" && !request.signed {
            return refused(403, "Missing Authentication Token");
        }
        let integration = &method["Integration"];
        let template = &integration["RequestTemplates"][request.content_type];
        if request.verb != "GET" && template.is_null() {
            assert_eq!(integration["PassthroughBehavior"], "NEVER");
            return refused(415, "Unsupported Media Type");
        }
        if let Some(found) = self.invalid(method, request) {
            return self.bad_request(&found);
        }
        let template = &integration["RequestTemplates"]["application/json"];
        let template = substituted(template);
        let context = json!({
            "domainName": "abc.execute-api.us-east-1.amazonaws.com",
            "path": format!("/live{}", request.path),
        });
        let body = match request.body {
            "" => Value::Null,
            body => serde_json::from_str(body).unwrap(),
        };
        let mut rendered = vtl::Environment::new(body, parameters, context.clone());
        let sent: Value = serde_json::from_str(&rendered.render(&template)).unwrap();
        let answered = self.starter.start_sync(&sent, states);
        respond(integration, answered, context)
    }

    /// The method of a request, and its path's parameters.
    fn routed(&self, request: &Request<'_>) -> Option<(&'static Value, BTreeMap<String, String>)> {
        let methods = self.template.resources("AWS::ApiGateway::Method");
        let mut methods = methods.filter(|(_, method)| method["HttpMethod"] == request.verb);
        methods.find_map(|(_, method)| {
            let resource = referred(&method["ResourceId"]).unwrap();
            let path = self.path(&resource);
            let parts: Vec<_> = request.path.split('/').skip(1).collect();
            let mut parameters = BTreeMap::new();
            for (part, stated) in parts.iter().zip(&path) {
                match stated
                    .strip_prefix('{')
                    .and_then(|name| name.strip_suffix('}'))
                {
                    Some(name) => {
                        parameters.insert(name.to_owned(), (*part).to_owned());
                    }
                    None if stated == part => {}
                    None => return None,
                }
            }
            (parts.len() == path.len()).then_some((method, parameters))
        })
    }

    fn path(&self, resource: &str) -> Vec<String> {
        let properties = self.template.properties(resource);
        let parent = &properties["ParentId"];
        let mut path = match referred(parent) {
            Some(parent) if parent.contains("Path") => self.path(&parent),
            _ => Vec::new(),
        };
        path.push(properties["PathPart"].as_str().unwrap().to_owned());
        path
    }

    /// What the model finds, where the method has one.
    fn invalid(&self, method: &Value, request: &Request<'_>) -> Option<String> {
        let model = method["RequestModels"].get(request.content_type)?;
        let validator = self
            .template
            .properties(&referred(&method["RequestValidatorId"])?);
        assert_eq!(validator["ValidateRequestBody"], true);
        let model = &self.template.properties(&referred(model)?)["Schema"];
        match serde_json::from_str(request.body) {
            Ok(body) => model::invalid(model, &body),
            Err(_) => Some("Invalid JSON".into()),
        }
    }

    fn bad_request(&self, found: &str) -> Response {
        let responses = self.template.resources("AWS::ApiGateway::GatewayResponse");
        let mut responses =
            responses.filter(|(_, response)| response["ResponseType"] == "BAD_REQUEST_BODY");
        let (_, response) = responses.next().unwrap();
        let template = response["ResponseTemplates"]["application/json"]
            .as_str()
            .unwrap();
        let escaped = found.replace('"', "\\\"");
        let body = template
            .replace("$context.error.messageString", "\"Invalid request body\"")
            .replace("$context.error.validationErrorString", &escaped);
        Response {
            status: response["StatusCode"].as_str().unwrap().parse().unwrap(),
            location: None,
            body: serde_json::from_str(&body).unwrap(),
        }
    }
}

/// The answer of Step Functions as the integration's responses make it the client's.
fn respond(integration: &Value, answered: Result<Value, u16>, context: Value) -> Response {
    let responses = integration["IntegrationResponses"].as_array().unwrap();
    let by_pattern = |status: u16| {
        let mut responses = responses.iter();
        responses.find(|response| {
            let pattern = response["SelectionPattern"].as_str();
            // The one pattern that is emitted.
            pattern == Some("[45]\\d{2}") && (400..600).contains(&status)
        })
    };
    let (response, body) = match answered {
        Ok(body) => (&responses[0], body),
        Err(status) => (by_pattern(status).unwrap(), Value::Null),
    };
    let template = response["ResponseTemplates"]["application/json"]
        .as_str()
        .unwrap();
    let mut environment = vtl::Environment::new(body, BTreeMap::new(), context);
    let text = environment.render(template);
    let stated: u64 = response["StatusCode"].as_str().unwrap().parse().unwrap();
    let override_of = &environment.context()["responseOverride"];
    Response {
        status: override_of["status"].as_u64().unwrap_or(stated),
        location: override_of["header"]["Location"]
            .as_str()
            .map(str::to_owned),
        body: serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}")),
    }
}

fn refused(status: u64, message: &str) -> Response {
    Response {
        status,
        location: None,
        body: json!({ "message": message }),
    }
}

/// The text of a `Fn::Sub`, its references replaced by ARNs of state machines.
fn substituted(value: &Value) -> String {
    let mut text = value["Fn::Sub"].as_str().unwrap().to_owned();
    while let Some(start) = text.find("${") {
        let end = start + text[start..].find('}').unwrap();
        let arn = machine_arn(&text[start + 2..end]);
        text.replace_range(start..=end, &arn);
    }
    text
}
