//! What is handed back: an answer within Step Functions' limits, or an error under its declared name.

use std::io;

use lambda_runtime::Diagnostic;
use saga_dsl::handler::{BAD_OUTPUT, Failure, PANIC};
use saga_manifest::error::Outcome;
use serde_json::Value;

use crate::panic::Panic;

/// The longest result of a task in bytes of JSON (Step Functions' quotas: 256 KiB). Lambda's own limit
/// of 6 MB lies far above.
const LONGEST_ANSWER: usize = 262_144;

/// The longest message in bytes: with all that JSON may escape in it, it fits into a cause of 32,768
/// characters.
const LONGEST_MESSAGE: usize = 5_000;

/// The answer, if it is small enough to be a task's result.
pub(crate) fn within_limit(answer: Value) -> Result<Value, Failure> {
    let mut length = Length(0);
    match serde_json::to_writer(&mut length, &answer) {
        Ok(()) if length.0 <= LONGEST_ANSWER => Ok(answer),
        Ok(()) => Err(bad_output(format!(
            "the output has {} bytes as JSON, and a state machine takes {LONGEST_ANSWER} at most: \
             store it, and answer where it is",
            length.0
        ))),
        Err(problem) => Err(bad_output(problem.to_string())),
    }
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

/// The error as Lambda reports it.
pub(crate) fn diagnostic(failure: Failure) -> Diagnostic {
    Diagnostic {
        error_type: failure.name,
        error_message: clip(failure.message),
    }
}

fn clip(mut message: String) -> String {
    if message.len() > LONGEST_MESSAGE {
        message.truncate(message.floor_char_boundary(LONGEST_MESSAGE));
        message.push('…');
    }
    message
}

/// Counts what is written to it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fits_up_to_the_limit() {
        let of_bytes = |length: usize| Value::String("x".repeat(length - 2));
        assert!(within_limit(of_bytes(LONGEST_ANSWER)).is_ok());
        let failure = within_limit(of_bytes(LONGEST_ANSWER + 1)).unwrap_err();
        assert_eq!(failure.name, "SagaBadOutput");
        assert!(
            failure.message.contains("262145 bytes"),
            "{}",
            failure.message
        );
    }

    #[test]
    fn a_message_is_clipped_between_characters() {
        assert_eq!(clip("é".repeat(2_500)), "é".repeat(2_500));
        assert_eq!(
            clip(format!("x{}", "é".repeat(2_500))),
            format!("x{}…", "é".repeat(2_499))
        );
    }
}
