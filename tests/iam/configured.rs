//! What API Gateway, EventBridge, SNS, SQS and pipes do: what the template tells them to.

use serde_json::Value;

use crate::granted::{Grants, from, inner, list, of_type, target};
use crate::own;

/// Notes it, by the role or the resource that each acts for.
pub fn collect(template: &Value, used: &mut Grants) {
    let mut add = |principal: String, action: &str, on: String| {
        let own = used.entry(principal).or_default();
        own.insert((action.to_owned(), on));
    };
    for (id, rule) in of_type(template, "AWS::Events::Rule") {
        for aim in list(&rule["Targets"]) {
            if let Some(role) = aim.get("RoleArn") {
                add(target(role), "states:StartExecution", target(&aim["Arn"]));
            }
            if let Some(letters) = aim["DeadLetterConfig"].get("Arn") {
                let rule = from("events.amazonaws.com", id);
                add(rule, "sqs:SendMessage", target(letters));
            }
        }
    }
    for (_, subscription) in of_type(template, "AWS::SNS::Subscription") {
        let topic = from("sns.amazonaws.com", &target(&subscription["TopicArn"]));
        let queues = [
            subscription.get("Endpoint"),
            subscription["RedrivePolicy"].get("deadLetterTargetArn"),
        ];
        for queue in queues.into_iter().flatten() {
            add(topic.clone(), "sqs:SendMessage", target(queue));
        }
    }
    for (_, pipe) in of_type(template, "AWS::Pipes::Pipe") {
        let role = target(&pipe["RoleArn"]);
        for action in own::POLLING {
            add(role.clone(), action, target(&pipe["Source"]));
        }
        let waits = &pipe["TargetParameters"]["StepFunctionStateMachineParameters"];
        let action = match waits["InvocationType"].as_str() {
            Some("REQUEST_RESPONSE") => "states:StartSyncExecution",
            _ => "states:StartExecution",
        };
        add(role, action, target(&pipe["Target"]));
    }
    for (_, method) in of_type(template, "AWS::ApiGateway::Method") {
        let integration = &method["Integration"];
        if let Some(role) = integration.get("Credentials") {
            let uri = integration["Uri"]["Fn::Sub"].as_str().unwrap();
            let (_, action) = uri.rsplit_once("states:action/").unwrap();
            let machine = integration["RequestTemplates"]["application/json"]["Fn::Sub"]
                .as_str()
                .and_then(inner);
            let machine = machine.unwrap_or_else(|| panic!("{integration} names no machine"));
            add(
                target(role),
                &format!("states:{action}"),
                machine.to_owned(),
            );
        }
    }
    for (_, api) in of_type(template, "AWS::ApiGateway::RestApi") {
        let schemes = &api["Body"]["components"]["securitySchemes"];
        for scheme in schemes.as_object().into_iter().flat_map(|all| all.values()) {
            let authorizer = &scheme["x-amazon-apigateway-authorizer"];
            let role = target(&authorizer["authorizerCredentials"]);
            add(
                role,
                "lambda:InvokeFunction",
                target(&authorizer["authorizerUri"]),
            );
        }
    }
}
