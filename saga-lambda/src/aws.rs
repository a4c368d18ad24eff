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
}

impl Service {
    /// The name in its host and in signatures.
    fn name(self) -> &'static str {
        match self {
            Self::Dynamodb => "dynamodb",
            Self::Eventbridge => "events",
            Self::Scheduler => "scheduler",
        }
    }

    /// The variable that names another endpoint (AWS SDKs and tools reference guide, service-specific endpoints).
    fn variable(self) -> &'static str {
        match self {
            Self::Dynamodb => "AWS_ENDPOINT_URL_DYNAMODB",
            Self::Eventbridge => "AWS_ENDPOINT_URL_EVENTBRIDGE",
            Self::Scheduler => "AWS_ENDPOINT_URL_SCHEDULER",
        }
    }

    /// The content type of its protocol.
    fn content_type(self) -> &'static str {
        match self {
            Self::Dynamodb => "application/x-amz-json-1.0",
            Self::Eventbridge => "application/x-amz-json-1.1",
            Self::Scheduler => "application/json",
        }
    }

    /// The path of a request for an action, and the header that names it. Scheduler's actions are paths.
    fn target(self, action: &str) -> (String, Option<String>) {
        match self {
            Self::Dynamodb => ("/".into(), Some(format!("DynamoDB_20120810.{action}"))),
            Self::Eventbridge => ("/".into(), Some(format!("AWSEvents.{action}"))),
            Self::Scheduler => (format!("/{action}"), None),
        }
    }
}
