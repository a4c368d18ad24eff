//! The services' errors, by their names and in their wording.

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The name that the service reports.
    pub name: &'static str,
    /// What it says.
    pub message: String,
}

impl Error {
    pub(crate) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
        }
    }

    pub(super) fn no_queue(_: &str) -> Self {
        Self::new("QueueDoesNotExist", "The specified queue does not exist.")
    }

    pub(crate) fn no_topic(_: &str) -> Self {
        Self::new("NotFoundException", "Topic does not exist")
    }

    pub(super) fn no_bus(name: &str) -> Self {
        Self::new(
            "ResourceNotFoundException",
            format!("Event bus {name} does not exist."),
        )
    }
}
