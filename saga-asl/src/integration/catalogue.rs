//! The optimised integrations (developer guide, "Optimized integrations", November 2026).

use super::Pattern::{Callback, RequestResponse, Sync};
use super::{Pattern, Service};

/// What is known of an optimised integration.
#[derive(Debug, Clone, Copy)]
pub enum Known {
    /// The service has no optimised integration.
    NoService,
    /// The service has none for that action; these are the ones it has.
    NoAction(&'static [Action]),
    /// The integration.
    Action(Action),
    /// The service has so many that they are not listed here.
    Unlisted,
}

/// An action of an optimised integration.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// Its name.
    pub name: &'static str,
    /// The ways in which an execution may wait for it.
    pub patterns: &'static [Pattern],
    /// The arguments that must be there.
    pub required: &'static [&'static str],
}

const RUN: &[Pattern] = &[RequestResponse, Sync];
const CALL: &[Pattern] = &[RequestResponse];
const CALL_BACK: &[Pattern] = &[RequestResponse, Callback];
const ALL: &[Pattern] = &[RequestResponse, Sync, Callback];

const fn action(
    name: &'static str,
    patterns: &'static [Pattern],
    required: &'static [&'static str],
) -> Action {
    Action {
        name,
        patterns,
        required,
    }
}

/// Services whose actions are listed.
const SERVICES: &[(&str, &[Action])] = &[
    (
        "apigateway",
        &[action("invoke", CALL_BACK, &["ApiEndpoint", "Method"])],
    ),
    (
        "athena",
        &[
            action("startQueryExecution", RUN, &["QueryString"]),
            action("stopQueryExecution", CALL, &["QueryExecutionId"]),
            action("getQueryExecution", CALL, &["QueryExecutionId"]),
            action("getQueryResults", CALL, &["QueryExecutionId"]),
        ],
    ),
    (
        "batch",
        &[action(
            "submitJob",
            RUN,
            &["JobDefinition", "JobName", "JobQueue"],
        )],
    ),
    ("databrew", &[action("startJobRun", RUN, &["Name"])]),
    (
        "dynamodb",
        &[
            action("getItem", CALL, &["TableName", "Key"]),
            action("putItem", CALL, &["TableName", "Item"]),
            action("updateItem", CALL, &["TableName", "Key"]),
            action("deleteItem", CALL, &["TableName", "Key"]),
        ],
    ),
    ("ecs", &[action("runTask", ALL, &["TaskDefinition"])]),
    ("events", &[action("putEvents", CALL_BACK, &["Entries"])]),
    ("glue", &[action("startJobRun", RUN, &["JobName"])]),
    (
        "http",
        &[action("invoke", CALL, &["ApiEndpoint", "Method"])],
    ),
    ("lambda", &[action("invoke", CALL_BACK, &["FunctionName"])]),
    (
        "mediaconvert",
        &[action("createJob", RUN, &["Role", "Settings"])],
    ),
    ("sns", &[action("publish", CALL_BACK, &["Message"])]),
    (
        "sqs",
        &[action(
            "sendMessage",
            CALL_BACK,
            &["MessageBody", "QueueUrl"],
        )],
    ),
    (
        "states",
        &[action("startExecution", ALL, &["StateMachineArn"])],
    ),
];

/// Services with optimised integrations for many actions.
const UNLISTED: [&str; 9] = [
    "bedrock",
    "bedrock-agentcore",
    "codebuild",
    "eks",
    "elasticmapreduce",
    "emr-containers",
    "emr-serverless",
    "sagemaker",
    "s3",
];

/// The optimised integration that a service names.
#[must_use]
pub fn optimised(service: &Service<'_>) -> Known {
    if UNLISTED.contains(&service.service) {
        return Known::Unlisted;
    }
    let actions = SERVICES.iter().find(|(name, _)| *name == service.service);
    let Some((_, actions)) = actions else {
        return Known::NoService;
    };
    let action = actions.iter().find(|action| action.name == service.action);
    action.map_or(Known::NoAction(actions), |action| Known::Action(*action))
}
