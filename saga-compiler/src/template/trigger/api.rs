//! A saga's API: a route that starts an execution, and one that tells what became of it. Both call the starter,
//! without a function between.

use saga_asl::json::Value as Json;
use saga_manifest::place::Place;
use saga_manifest::trigger::Http;

use super::access::{self, Granted};
use super::{mapping, model, starter, starts};
use crate::checked::Saga;
use crate::template::stack::Stack;
use crate::template::stage::{STAGE, digest, stage};
use crate::template::{output, policy, resource, tags};
use crate::yaml::{Yaml, list, map};

/// What the two routes answer.
const STARTED: [u32; 5] = [200, 202, 400, 409, 503];
const TOLD: [u32; 3] = [200, 404, 503];

pub(super) fn add(http: &Http, saga: &Saga<'_>, place: &Place, stack: &mut Stack<'_>) {
    let name = saga.definition.name.as_str();
    let id = format!("{name}Api");
    let call = policy::allow(
        "Call",
        ["states:StartSyncExecution"],
        Yaml::reference(&starter::id(name)),
    );
    let role = starts(
        &id,
        "apigateway.amazonaws.com",
        vec![call],
        name,
        place,
        stack,
    );
    stack.resource(id.clone(), rest_api(&id, name, stack), place);
    let granted = access::add(&http.access, &id, name, place, stack);
    let schema = model::model(
        &saga.definition.input.schema,
        &format!("What starts {name}"),
    );
    let parts = Parts {
        id: &id,
        saga: name,
        role,
        granted,
    };
    // Whatever a deployment is a snapshot of: its name changes with it, or the old one stayed.
    let mut deployed = parts.paths(&http.path);
    deployed.push((format!("{id}Input"), parts.input(schema)));
    deployed.push((format!("{id}Validator"), parts.validator()));
    deployed.push((format!("{id}BadRequest"), parts.bad_request()));
    let collection = deployed_path(&id, &http.path);
    deployed.push((format!("{id}Start"), parts.start(&collection)));
    deployed.push((format!("{id}Outcome"), parts.outcome()));
    let text = map(deployed.clone()).to_text().unwrap_or_default();
    let names: Vec<String> = deployed.iter().map(|(name, _)| name.clone()).collect();
    for (name, resource) in deployed {
        stack.resource(name, resource, place);
    }
    let deployment = format!("{id}Deployment{}", digest(&text));
    stack.resource(deployment.clone(), parts.deployment(&names), place);
    let stage = stage(&id, Some(name), &deployment, (http.rate, http.burst), stack);
    stack.resource(format!("{id}Stage"), stage, place);
    let url = format!(
        "https://${{{id}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{STAGE}{}",
        http.path
    );
    let about = format!("URL that starts {name}, by POST.");
    stack.output(
        format!("{name}Url"),
        output::output(&about, Yaml::substituted(url)),
    );
}

fn rest_api(id: &str, saga: &str, stack: &Stack<'_>) -> Yaml {
    let properties = map([
        (
            "Name",
            Yaml::substituted(format!("${{AWS::StackName}}-{id}")),
        ),
        (
            "Description",
            Yaml::from(format!("Starts {saga}, and tells what became of it.")),
        ),
        (
            "EndpointConfiguration",
            map([("Types", list(["REGIONAL"]))]),
        ),
        ("Tags", tags::as_list(stack.options, Some(saga))),
    ]);
    resource("AWS::ApiGateway::RestApi", [], properties)
}

/// The resource of the path's last segment.
fn deployed_path(id: &str, path: &str) -> String {
    format!("{id}Path{}", path.split('/').skip(1).count())
}

/// The parts of an API.
struct Parts<'a> {
    id: &'a str,
    saga: &'a str,
    role: Yaml,
    granted: Granted,
}

impl Parts<'_> {
    /// A resource a segment of the path, and one for an execution's address.
    fn paths(&self, path: &str) -> Vec<(String, Yaml)> {
        let mut parent = Yaml::attribute(self.id, "RootResourceId");
        let mut paths = Vec::new();
        for (number, part) in (1..).zip(path.split('/').skip(1)) {
            let id = format!("{}Path{number}", self.id);
            paths.push((id.clone(), self.path(parent, part)));
            parent = Yaml::reference(&id);
        }
        paths.push((
            format!("{}Execution", self.id),
            self.path(parent, "{execution}"),
        ));
        paths
    }

    fn path(&self, parent: Yaml, part: &str) -> Yaml {
        let properties = map([
            ("RestApiId", Yaml::reference(self.id)),
            ("ParentId", parent),
            ("PathPart", part.into()),
        ]);
        resource("AWS::ApiGateway::Resource", [], properties)
    }

    fn input(&self, schema: serde_json::Value) -> Yaml {
        let properties = map([
            ("RestApiId", Yaml::reference(self.id)),
            ("ContentType", "application/json".into()),
            ("Schema", Yaml::from(&Json::from(schema))),
        ]);
        resource("AWS::ApiGateway::Model", [], properties)
    }

    fn validator(&self) -> Yaml {
        let properties = map([
            ("RestApiId", Yaml::reference(self.id)),
            ("Name", "Input".into()),
            ("ValidateRequestBody", true.into()),
            ("ValidateRequestParameters", false.into()),
        ]);
        resource("AWS::ApiGateway::RequestValidator", [], properties)
    }

    fn bad_request(&self) -> Yaml {
        let templates = map([("application/json", Yaml::from(mapping::BAD_REQUEST))]);
        let properties = map([
            ("RestApiId", Yaml::reference(self.id)),
            ("ResponseType", "BAD_REQUEST_BODY".into()),
            ("StatusCode", "400".into()),
            ("ResponseTemplates", templates),
        ]);
        resource("AWS::ApiGateway::GatewayResponse", [], properties)
    }

    fn start(&self, collection: &str) -> Yaml {
        let validated = [
            (
                "RequestValidatorId",
                Yaml::reference(&format!("{}Validator", self.id)),
            ),
            (
                "RequestModels",
                map([(
                    "application/json",
                    Yaml::reference(&format!("{}Input", self.id)),
                )]),
            ),
        ];
        self.method(
            "POST",
            collection,
            &mapping::start(self.saga),
            &STARTED,
            validated.into(),
        )
    }

    fn outcome(&self) -> Yaml {
        let path = format!("{}Execution", self.id);
        let parameters = map([("method.request.path.execution", Yaml::from(true))]);
        let parameters = vec![("RequestParameters", parameters)];
        self.method(
            "GET",
            &path,
            &mapping::outcome(self.saga),
            &TOLD,
            parameters,
        )
    }

    fn method(
        &self,
        verb: &str,
        path: &str,
        template: &str,
        answers: &[u32],
        own: Vec<(&'static str, Yaml)>,
    ) -> Yaml {
        let reason = self.granted.reason.clone();
        let head = [
            ("RestApiId", Yaml::reference(self.id)),
            ("ResourceId", Yaml::reference(path)),
            ("HttpMethod", verb.into()),
        ];
        let responses = answers.iter().map(|status| {
            let headers = map([("method.response.header.Location", Yaml::from(false))]);
            map([
                ("StatusCode", Yaml::from(status.to_string())),
                ("ResponseParameters", headers),
            ])
        });
        let tail = [
            ("Integration", self.integration(template)),
            ("MethodResponses", list(responses)),
        ];
        let properties = head
            .into_iter()
            .chain(self.granted.properties.clone())
            .chain(own)
            .chain(tail);
        resource(
            "AWS::ApiGateway::Method",
            reason.map(|reason| ("Metadata", reason)),
            map(properties),
        )
    }

    fn integration(&self, template: &str) -> Yaml {
        let uri =
            "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartSyncExecution";
        let answer = |status: &str, template: &str, pattern: Option<&str>| {
            let templates = map([("application/json", Yaml::from(template))]);
            let pattern = pattern.map(|pattern| ("SelectionPattern", Yaml::from(pattern)));
            let head = [("StatusCode", Yaml::from(status))];
            map(head
                .into_iter()
                .chain(pattern)
                .chain([("ResponseTemplates", templates)]))
        };
        map([
            ("Type", Yaml::from("AWS")),
            ("IntegrationHttpMethod", "POST".into()),
            ("Uri", Yaml::substituted(uri)),
            ("Credentials", self.role.clone()),
            // What is not JSON is not handed on: 415.
            ("PassthroughBehavior", "NEVER".into()),
            (
                "RequestTemplates",
                map([("application/json", Yaml::substituted(template))]),
            ),
            (
                "IntegrationResponses",
                list([
                    answer("200", mapping::ANSWER, None),
                    answer("503", mapping::UNAVAILABLE, Some("[45]\\d{2}")),
                ]),
            ),
        ])
    }

    fn deployment(&self, snapshot: &[String]) -> Yaml {
        let properties = map([
            ("RestApiId", Yaml::reference(self.id)),
            (
                "Description",
                Yaml::from(format!("The routes of {}.", self.saga)),
            ),
        ]);
        let on = list(snapshot.iter().map(String::as_str));
        resource(
            "AWS::ApiGateway::Deployment",
            [("DependsOn", on)],
            properties,
        )
    }
}
