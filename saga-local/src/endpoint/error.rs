//! Why services cannot be used.

/// Why services cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The URL is not of the form that is spoken.
    #[error("`{0}` is not of the form `http://HOST:PORT` or `https://HOST`")]
    Url(String),
    /// The profile's credentials cannot be had.
    #[error("the credentials cannot be read: {0}")]
    Credentials(String),
    /// They cannot be reached.
    #[error("`{url}` cannot be reached: {problem}")]
    Unreachable {
        /// The URL.
        url: String,
        /// What the system says.
        problem: String,
    },
    /// They refuse what the saga needs before it starts.
    #[error("`{action}` failed: {problem}")]
    Refused {
        /// The action.
        action: String,
        /// What the service says.
        problem: String,
    },
}
