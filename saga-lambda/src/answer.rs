//! What is handed back: an answer within Step Functions' limits, or an error under its declared name.

use saga_dsl::handler::{BAD_OUTPUT, Failure, PANIC};
use saga_manifest::error::Outcome;
use serde_json::Value;

use crate::panic::Panic;
use crate::redact::Secrets;

/// The longest result of a task in bytes of JSON (Step Functions' quotas: 256 KiB). Lambda's own limit
/// of 6 MB lies far above.
const LONGEST_ANSWER: usize = 262_144;

/// The longest message in bytes: with all that JSON may escape in it, it fits into a cause of 32,768
/// characters.
const LONGEST_MESSAGE: usize = 5_000;

/// The answer as JSON, if it is small enough to be a task's result.
pub(crate) fn to_json(answer: &Value) -> Result<String, Failure> {
    let json = serde_json::to_string(answer).map_err(|problem| bad_output(problem.to_string()))?;
    if json.len() > LONGEST_ANSWER {
        return Err(bad_output(format!(
            "the output has {} bytes as JSON, and a state machine takes {LONGEST_ANSWER} at most: \
             store it, and answer where it is",
            json.len()
        )));
    }
    Ok(json)
}

fn bad_output(message: String) -> Failure {
    Failure {
        name: BAD_OUTPUT.into(),
        message,
        outcome: Outcome::Unknown,
    }
}

impl From<Panic> for Failure {
    fn from(panic: Panic) -> Self {
        Self {
            name: PANIC.into(),
            message: panic.to_string(),
            outcome: Outcome::Unknown,
        }
    }
}

/// The failure without what is sensitive.
pub(crate) fn scrubbed(failure: Failure, secrets: &Secrets) -> Failure {
    let message = secrets.scrub(&failure.message).into_owned();
    Failure { message, ..failure }
}

/// The failure with a message of bounded length.
pub(crate) fn clipped(failure: Failure) -> Failure {
    let mut message = failure.message;
    if message.len() > LONGEST_MESSAGE {
        message.truncate(message.floor_char_boundary(LONGEST_MESSAGE));
        message.push('…');
    }
    Failure { message, ..failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fits_up_to_the_limit() {
        let of_bytes = |length: usize| Value::String("x".repeat(length - 2));
        assert!(to_json(&of_bytes(LONGEST_ANSWER)).is_ok());
        let failure = to_json(&of_bytes(LONGEST_ANSWER + 1)).unwrap_err();
        assert_eq!(failure.name, "SagaBadOutput");
        assert!(
            failure.message.contains("262145 bytes"),
            "{}",
            failure.message
        );
    }

    #[track_caller]
    fn check_clipped(message: String, expected: &str) {
        assert_eq!(clipped(bad_output(message)).message, expected);
    }

    #[test]
    fn a_message_is_clipped_between_characters() {
        check_clipped("é".repeat(2_500), &"é".repeat(2_500));
        check_clipped(
            format!("x{}", "é".repeat(2_500)),
            &format!("x{}…", "é".repeat(2_499)),
        );
    }
}
