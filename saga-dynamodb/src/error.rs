//! The service's errors, by its names and in its wording.

use serde_json::Value;

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// `ValidationException`: the request is wrong.
    #[error("{0}")]
    Validation(String),
    /// `ConditionalCheckFailedException`: the condition does not hold.
    #[error("The conditional request failed")]
    ConditionalCheckFailed {
        /// The item as it stands, where the request asked for it.
        item: Option<Value>,
    },
    /// `ResourceNotFoundException`: there is no such table.
    #[error("Requested resource not found: Table: {0} not found")]
    TableNotFound(String),
    /// `TransactionCanceledException`: a part of a transaction failed, so nothing was written.
    #[error("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes(.0))]
    TransactionCanceled(Vec<Option<Box<Error>>>),
    /// The action is not embedded.
    #[error("the embedded DynamoDB has no `{0}`: name a service that has it with `--endpoint-url`")]
    Unsupported(String),
}

impl Error {
    /// The name under which the service reports it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Validation(_) => "ValidationException",
            Self::ConditionalCheckFailed { .. } => "ConditionalCheckFailedException",
            Self::TableNotFound(_) => "ResourceNotFoundException",
            Self::TransactionCanceled(_) => "TransactionCanceledException",
            Self::Unsupported(_) => "UnknownOperationException",
        }
    }

    pub(super) fn no_table(name: &str) -> Self {
        Self::TableNotFound(name.into())
    }

    /// A value of the request that the item or its key cannot have.
    pub(super) fn parameter(message: &str) -> Self {
        Self::Validation(format!(
            "One or more parameter values were invalid: {message}"
        ))
    }

    /// The code of a cancellation reason.
    fn code(&self) -> &'static str {
        match self {
            Self::ConditionalCheckFailed { .. } => "ConditionalCheckFailed",
            _ => "ValidationError",
        }
    }
}

fn codes(reasons: &[Option<Box<Error>>]) -> String {
    let codes: Vec<&str> = reasons
        .iter()
        .map(|reason| reason.as_ref().map_or("None", |error| error.code()))
        .collect();
    codes.join(", ")
}
