//! The event that a state machine invokes a handler with.
//!
//! ```json
//! {"saga": {"id": "arn:…", "step": "ChargeFare", "phase": "do", "attempt": 0}, "input": {"fareId": "7"}}
//! ```

use std::fmt;

use saga_dsl::handler::{Context, Failure, Phase};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An event, or what is wrong with it. Reading it never fails: the error would be answered by AWS's
/// library, under the name of a Rust type.
#[derive(Debug)]
pub(crate) struct Event(Result<Envelope, Failure>);

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `saga` and `input`")]
struct Envelope {
    saga: Execution,
    input: Value,
}

/// Whose step is done.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `id`, `step` and `phase`")]
struct Execution {
    #[serde(deserialize_with = "some_text")]
    id: String,
    #[serde(deserialize_with = "some_text")]
    step: String,
    phase: Direction,
    #[serde(default)]
    attempt: u32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Do,
    Undo,
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(
            serde_path_to_error::deserialize(deserializer).map_err(refuse),
        ))
    }
}

fn refuse<E: fmt::Display>(error: serde_path_to_error::Error<E>) -> Failure {
    Failure::bad_event("", error)
}

/// An id or a name: without one, two executions would have one idempotency key.
fn some_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Err(serde::de::Error::custom("is empty"));
    }
    Ok(text)
}

impl Event {
    /// What the handler is given.
    pub(crate) fn read(self, request_id: String) -> Result<(Value, Context), Failure> {
        let Envelope { saga, input } = self.0?;
        let context = Context {
            saga_id: saga.id,
            step: saga.step,
            phase: match saga.phase {
                Direction::Do => Phase::Do,
                Direction::Undo => Phase::Undo,
            },
            attempt: saga.attempt,
            request_id,
        };
        Ok((input, context))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<(Value, Context), Failure> {
        let mut json = serde_json::Deserializer::from_str(json);
        let event: Event = serde_path_to_error::deserialize(&mut json).unwrap();
        event.read("request".into())
    }

    #[track_caller]
    fn refused(json: &str, message: &str) {
        let failure = read(json).unwrap_err();
        assert_eq!(failure.name, "SagaBadEvent");
        assert!(failure.message.contains(message), "{}", failure.message);
    }

    #[test]
    fn an_event_gives_input_and_context() {
        let (input, context) = read(
            r#"{"saga": {"id": "arn", "step": "Charge2", "phase": "undo", "attempt": 2}, "input": {"a": 1}}"#,
        )
        .unwrap();
        assert_eq!(input, serde_json::json!({"a": 1}));
        assert_eq!(context.idempotency_key(), "arn/Charge2");
        assert_eq!((context.phase, context.attempt), (Phase::Undo, 2));
        assert_eq!(context.request_id, "request");
    }

    #[test]
    fn a_malformed_event_is_refused_with_its_field() {
        refused("", "EOF while parsing a value");
        refused(
            "7",
            "invalid type: integer `7`, expected an object with `saga`",
        );
        refused("{}", "`saga`: missing");
        refused(r#"{"saga": 7}"#, "`saga`: invalid type: integer `7`");
        refused(r#"{"saga": {}, "input": {}}"#, "`saga.id`: missing");
        refused(
            r#"{"saga": {"id": "", "step": "S", "phase": "do"}, "input": 1}"#,
            "`saga.id`: is empty",
        );
        refused(
            r#"{"saga": {"id": "a", "step": 1}}"#,
            "`saga.step`: invalid type: integer `1`",
        );
        refused(
            r#"{"saga": {"id": "a", "step": "S", "phase": "redo"}}"#,
            "`saga.phase`: unknown variant `redo`",
        );
        refused(
            r#"{"saga": {"id": "a", "step": "S", "phase": "do", "attempt": -1}}"#,
            "`saga.attempt`: invalid value",
        );
        refused(
            r#"{"saga": {"id": "a", "step": "S", "phase": "do"}}"#,
            "`input`: missing",
        );
    }
}
