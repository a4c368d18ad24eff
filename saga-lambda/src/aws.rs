//! Requests to AWS's services: signed, over one connection each, which is kept.

mod client;
mod credentials;
mod url;

pub(crate) use client::{Answer, Client};

/// A service that the runtime itself talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// The table of fences and records.
    Dynamodb,
    /// The bus.
    Eventbridge,
    /// One-time schedules.
    Scheduler,
    /// State machines.
    States,
    /// The parameter store.
    Ssm,
    /// Secrets.
    SecretsManager,
}

impl Service {
    /// The name in its host and in signatures.
    fn name(self) -> &'static str {
        match self {
            Self::Dynamodb => "dynamodb",
            Self::Eventbridge => "events",
            Self::Scheduler => "scheduler",
            Self::States => "states",
            Self::Ssm => "ssm",
            Self::SecretsManager => "secretsmanager",
        }
    }

    /// The variable that names another endpoint (AWS SDKs and tools reference guide, service-specific endpoints).
    fn variable(self) -> &'static str {
        match self {
            Self::Dynamodb => "AWS_ENDPOINT_URL_DYNAMODB",
            Self::Eventbridge => "AWS_ENDPOINT_URL_EVENTBRIDGE",
            Self::Scheduler => "AWS_ENDPOINT_URL_SCHEDULER",
            Self::States => "AWS_ENDPOINT_URL_SFN",
            Self::Ssm => "AWS_ENDPOINT_URL_SSM",
            Self::SecretsManager => "AWS_ENDPOINT_URL_SECRETS_MANAGER",
        }
    }

    /// The content type of its protocol.
    fn content_type(self) -> &'static str {
        match self {
            Self::Dynamodb | Self::States => "application/x-amz-json-1.0",
            Self::Eventbridge | Self::Ssm | Self::SecretsManager => "application/x-amz-json-1.1",
            Self::Scheduler => "application/json",
        }
    }

    /// The path of a request for an action, and the header that names it. Scheduler's actions are paths.
    fn target(self, action: &str) -> (String, Option<String>) {
        let protocol = match self {
            Self::Dynamodb => "DynamoDB_20120810",
            Self::Eventbridge => "AWSEvents",
            Self::Scheduler => return (format!("/{action}"), None),
            Self::States => "AWSStepFunctions",
            Self::Ssm => "AmazonSSM",
            Self::SecretsManager => "secretsmanager",
        };
        ("/".into(), Some(format!("{protocol}.{action}")))
    }
}
