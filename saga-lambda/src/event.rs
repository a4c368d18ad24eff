//! The event that a state machine invokes a handler with.
//!
//! ```json
//! {"saga": {"id": "arn:…", "step": "ChargeFare", "phase": "do", "attempt": 0}, "input": {"fareId": "7"}}
//! ```

use saga_dsl::handler::{BAD_EVENT, Context, Failure, Phase};
use saga_manifest::error::Outcome;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An event, or what is wrong with it. Reading it never fails: the error would be answered by AWS's
/// library, under the name of a Rust type.
#[derive(Debug)]
pub(crate) struct Event(Result<Envelope, Failure>);

#[derive(Debug, Deserialize)]
struct Envelope {
    saga: Execution,
    input: Value,
}

/// Whose step is done.
#[derive(Debug, Deserialize)]
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

fn refuse<E: std::fmt::Display>(error: serde_path_to_error::Error<E>) -> Failure {
    let path = error.path().to_string();
    let problem = error.into_inner();
    let message = if path == "." {
        format!("the event is not a saga's: {problem}")
    } else {
        format!("`{path}`: {problem}")
    };
    Failure {
        name: BAD_EVENT.into(),
        message,
        outcome: Outcome::NotDone,
    }
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
        refused("", "the event is not a saga's: EOF");
        refused("7", "the event is not a saga's: invalid type: integer `7`");
        refused("{}", "missing field `saga`");
        refused(r#"{"saga": 7}"#, "`saga`: invalid type");
        refused(r#"{"saga": {}, "input": {}}"#, "`saga`: missing field `id`");
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
            "missing field `input`",
        );
    }
}
