//! Sending an answer, through AWS's own command line: it knows the profiles, sessions and regions that
//! whoever answers has set up.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::exit::Failure;

/// AWS's command line.
const AWS: &str = "aws";

/// What is answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// `SendTaskSuccess` with this output.
    Approve(Value),
    /// `SendTaskFailure` with this error.
    Reject { error: String, cause: String },
}

impl Answer {
    /// What will be done, for people.
    pub(super) fn described(&self) -> String {
        match self {
            Self::Approve(answer) => format!("Approves, with the answer {answer}"),
            Self::Reject { error, cause } if cause.is_empty() => format!("Rejects, with {error}"),
            Self::Reject { error, cause } => format!("Rejects, with {error}: {cause}"),
        }
    }

    fn action(&self) -> &'static str {
        match self {
            Self::Approve(_) => "send-task-success",
            Self::Reject { .. } => "send-task-failure",
        }
    }

    /// The same text in every build: the order of `json!` depends on another crate's feature.
    fn request(&self, token: &str) -> Value {
        let mut request = match self {
            Self::Approve(answer) => json!({ "taskToken": token, "output": answer.to_string() }),
            Self::Reject { error, cause } => {
                json!({ "taskToken": token, "error": error, "cause": cause })
            }
        };
        request.sort_all_objects();
        request
    }
}

/// Sends the answer. The token goes over the command's input: arguments can be seen by everybody on
/// the machine.
pub(super) fn send(token: &str, answer: &Answer, endpoint: Option<&str>) -> Result<(), Failure> {
    let mut command = Command::new(AWS);
    command.args(["stepfunctions", answer.action()]);
    command.args(["--cli-input-json", "file:///dev/stdin"]);
    if let Some(url) = endpoint {
        command.args(["--endpoint-url", url]);
    }
    command.stdin(Stdio::piped());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| Failure::Failed {
        message: format!("cannot run `{AWS}`: {error}"),
        help: "install AWS's command line, version 2, and sign in with it".to_owned(),
    })?;
    if let Some(mut input) = child.stdin.take() {
        // A command that ends without reading tells why in its own words.
        let _ = write!(input, "{}", answer.request(token));
    }
    let ended = child.wait_with_output()?;
    if ended.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&ended.stderr);
    Err(Failure::Failed {
        message: format!("the answer was not taken: {}", words.trim()),
        help: help(&words).to_owned(),
    })
}

fn help(words: &str) -> &'static str {
    if words.contains("TaskTimedOut") || words.contains("TaskDoesNotExist") {
        "nobody waits for it any more: it was answered, or its time is over"
    } else if words.contains("InvalidToken") {
        "the code belongs to another account or region: set AWS_PROFILE and AWS_REGION"
    } else {
        ""
    }
}
