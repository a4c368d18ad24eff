//! Errors of services, as Step Functions' optimised integrations report them.

use crate::dynamodb;
use crate::messaging;

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The service failed it.
    #[error(transparent)]
    Failed(#[from] ServiceFailure),
    /// The service, or the action of it, is not embedded.
    #[error("`{0}` is not embedded")]
    NotEmbedded(String),
}

/// A failed call of a service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {cause}")]
pub struct ServiceFailure {
    /// The error's name.
    pub error: String,
    /// What the service said.
    pub cause: String,
}

impl ServiceFailure {
    /// In the form recorded of AWS: the service's message, then what the SDK knows of the answer.
    pub(crate) fn new(prefix: &str, service: &str, name: &str, code: &str, message: &str) -> Self {
        let request = crate::identifier::random();
        Self {
            error: format!("{prefix}.{name}"),
            cause: format!(
                "{message} (Service: {service}; Status Code: 400; Error Code: {code}; \
                 Request ID: {request}; Proxy: null)"
            ),
        }
    }

    /// An error that a service reported over HTTP, by its own name and with the status it came with; 0 for
    /// one that the client reports itself.
    #[cfg(feature = "aws")]
    pub(crate) fn reported(service: &str, name: &str, message: &str, status: u16) -> Self {
        let (prefix, product) = match service {
            "dynamodb" => ("DynamoDB", "AmazonDynamoDBv2"),
            "sns" => ("SNS", "AmazonSNS"),
            "sqs" => ("SQS", "AmazonSQS"),
            _ => ("EventBridge", "AmazonEventBridge"),
        };
        let class = match (service, name) {
            // Errors that the SDK has no class for are reported by the service's base class.
            ("dynamodb", "ValidationException") => "AmazonDynamoDBException".to_owned(),
            ("sns" | "sqs", name) if !name.ends_with("Exception") => format!("{name}Exception"),
            (_, name) => name.to_owned(),
        };
        let failure = Self::new(prefix, product, &class, name, message);
        let status = format!("Status Code: {status}");
        Self {
            cause: failure.cause.replace("Status Code: 400", &status),
            ..failure
        }
    }

    /// An error of the service itself: the effect may be there.
    #[must_use]
    pub fn internal(service: &str) -> Self {
        match service {
            "dynamodb" => Self::of_server("DynamoDB", "AmazonDynamoDBv2", "InternalServerError"),
            "sns" => Self::of_server("SNS", "AmazonSNS", "InternalErrorException"),
            "sqs" => Self::of_server("SQS", "AmazonSQS", "InternalError"),
            "states" => Self::of_server("StepFunctions", "AWSStepFunctions", "InternalError"),
            _ => Self::of_server("EventBridge", "AmazonEventBridge", "InternalException"),
        }
    }

    fn of_server(prefix: &str, service: &str, name: &str) -> Self {
        let failure = Self::new(prefix, service, name, name, "Internal server error");
        Self {
            cause: failure
                .cause
                .replace("Status Code: 400", "Status Code: 500"),
            ..failure
        }
    }
}

impl From<dynamodb::Error> for CallError {
    fn from(error: dynamodb::Error) -> Self {
        if let dynamodb::Error::Unsupported(what) = error {
            return Self::NotEmbedded(what);
        }
        // Errors that the SDK has no class for are reported by the name of the service's base class.
        let name = match &error {
            dynamodb::Error::Validation(_) => "AmazonDynamoDBException",
            error => error.name(),
        };
        Self::Failed(ServiceFailure::new(
            "DynamoDB",
            "AmazonDynamoDBv2",
            name,
            error.name(),
            &error.to_string(),
        ))
    }
}

impl ServiceFailure {
    pub(super) fn of_messaging(service: &str, error: &messaging::Error) -> Self {
        let (prefix, product) = match service {
            "sns" => ("SNS", "AmazonSNS"),
            "sqs" => ("SQS", "AmazonSQS"),
            _ => ("EventBridge", "AmazonEventBridge"),
        };
        let code = error.name.trim_end_matches("Exception");
        let name = format!("{code}Exception");
        Self::new(prefix, product, &name, code, &error.message)
    }
}
