//! Sending an answer.

use serde_json::{Value, json};

use crate::aws::{Account, Refusal};
use crate::exit::Failure;

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

    fn request(&self, token: &str) -> Value {
        match self {
            Self::Approve(answer) => json!({ "taskToken": token, "output": answer.to_string() }),
            Self::Reject { error, cause } => {
                json!({ "taskToken": token, "error": error, "cause": cause })
            }
        }
    }
}

/// Sends the answer.
pub(super) fn send(token: &str, answer: &Answer, account: &Account) -> Result<(), Failure> {
    let sent = account.send("stepfunctions", answer.action(), &answer.request(token));
    sent.map(drop).map_err(|refusal| {
        let help = match &refusal {
            Refusal::Said(words) => help(words),
            Refusal::NoCommand(_) => "",
        };
        refusal.failure("the answer was not taken", help)
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
