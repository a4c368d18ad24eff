//! What Lambda reports when a function did not answer.

use std::process::ExitStatus;
use std::time::Duration;

use serde_json::{Value, json};

/// An invocation's failure, as Step Functions hands it on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {cause}")]
pub struct FunctionError {
    /// The error's name: the `errorType` of the payload.
    pub name: String,
    /// The payload, as the runtime or Lambda wrote it.
    pub cause: String,
}

impl FunctionError {
    /// The error that a runtime reported with this payload.
    pub(super) fn reported(payload: &str) -> Self {
        let parsed: Option<Value> = serde_json::from_str(payload).ok();
        let name = parsed
            .as_ref()
            .and_then(|error| error.get("errorType"))
            .and_then(Value::as_str);
        match name {
            Some(name) => Self {
                name: name.into(),
                cause: payload.into(),
            },
            // The wording is Step Functions', as recorded.
            None => Self {
                name: "Lambda.Unknown".into(),
                cause: format!(
                    "The cause could not be determined because Lambda did not return an error type. \
                     Returned payload: {payload}"
                ),
            },
        }
    }

    /// The process ended before it answered.
    pub(super) fn exited(request: &str, status: Option<ExitStatus>) -> Self {
        let reason = match status {
            Some(status) if status.success() => "Runtime exited without providing a reason".into(),
            Some(status) => format!("Runtime exited with error: {}", described(status)),
            None => "Runtime exited with error: signal: killed".into(),
        };
        Self::of(
            "Runtime.ExitError",
            &format!("RequestId: {request} Error: {reason}"),
        )
    }

    /// A process that was killed in the moment it answered, whose request nobody knows.
    pub(crate) fn killed() -> Self {
        Self::exited(&crate::identifier::random(), None)
    }

    /// The function's own timeout passed.
    pub(super) fn timed_out(request: &str, timeout: Duration) -> Self {
        let seconds = timeout.as_secs_f64();
        let message =
            format!("RequestId: {request} Error: Task timed out after {seconds:.2} seconds");
        Self::of("Sandbox.Timedout", &message)
    }

    /// The executable cannot be run.
    pub(super) fn no_entrypoint(request: &str, error: &std::io::Error) -> Self {
        Self::of(
            "Runtime.InvalidEntrypoint",
            &format!("RequestId: {request} Error: {error}"),
        )
    }

    /// No function has this name.
    pub(crate) fn not_found(arn: &str) -> Self {
        Self {
            name: "Lambda.ResourceNotFoundException".into(),
            cause: format!("Function not found: {arn}"),
        }
    }

    /// The answer is larger than Lambda hands on.
    pub(super) fn too_large(size: usize, limit: usize) -> Self {
        let message = format!(
            "Response payload size ({size} bytes) exceeded maximum allowed payload size ({limit} bytes)."
        );
        Self::of("Function.ResponseSizeTooLarge", &message)
    }

    /// An error of this name and message, as a runtime writes its payload.
    pub(crate) fn of(name: &str, message: &str) -> Self {
        let payload = json!({ "errorType": name, "errorMessage": message });
        Self {
            name: name.into(),
            cause: payload.to_string(),
        }
    }
}

/// An exit status in the words of Lambda's own runtime supervisor.
fn described(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(6)) => "signal: aborted".into(),
        (None, Some(9)) => "signal: killed".into(),
        (None, Some(11)) => "signal: segmentation fault".into(),
        (None, Some(15)) => "signal: terminated".into(),
        (None, signal) => format!("signal: {}", signal.unwrap_or_default()),
    }
}
