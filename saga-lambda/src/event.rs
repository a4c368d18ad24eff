//! The event that a state machine invokes a handler with.
//!
//! ```json
//! {"saga": {"id": "arn:…", "step": "ChargeFare", "phase": "do", "attempt": 0,
//!           "fence": {"entered": 1790000000000, "redrive": 0, "sent": 1790000000123}},
//!  "input": {"fareId": "7"}}
//! ```
//!
//! `item` is there in a map (`"ReserveItems[3]"`), `fence` where the call has an effect and its step a fence.

use saga_dsl::handler::{Context, Failure, Phase};
use saga_fence::Order;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::fence::Fenced;
use crate::runtime_api::Invocation;

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
    #[serde(default)]
    item: Option<String>,
    phase: Direction,
    #[serde(default)]
    attempt: u32,
    #[serde(default)]
    fence: Option<Fence>,
}

/// What the fence asks of the state machine. Times are in milliseconds since 1970.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `entered`, `redrive` and `sent`")]
struct Fence {
    /// When the state was entered.
    entered: u64,
    /// How often the execution had been redriven.
    redrive: u32,
    /// When this attempt was made.
    sent: u64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Do,
    Undo,
}

/// An id or a name: without one, two executions would have one idempotency key.
fn some_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Err(serde::de::Error::custom("is empty"));
    }
    Ok(text)
}

/// What an event gives its handler, and its fence if it has one.
pub(crate) fn read(invocation: &Invocation) -> Result<(Value, Context, Option<Fenced>), Failure> {
    let Envelope { saga, input } =
        parse(&invocation.event).map_err(|error| Failure::bad_event("", error))?;
    let fenced = saga.fence.map(|fence| Fenced {
        order: Order {
            entered: fence.entered,
            redrive: fence.redrive,
            attempt: saga.attempt,
        },
        sent: fence.sent,
    });
    let context = Context {
        saga_id: saga.id,
        step: saga.step,
        item: saga.item,
        phase: match saga.phase {
            Direction::Do => Phase::Do,
            Direction::Undo => Phase::Undo,
        },
        attempt: saga.attempt,
        request_id: invocation.request_id.clone(),
        deadline: invocation.deadline,
    };
    Ok((input, context, fenced))
}

fn parse(event: &[u8]) -> Result<Envelope, serde_path_to_error::Error<serde_json::Error>> {
    let mut json = serde_json::Deserializer::from_slice(event);
    let envelope = serde_path_to_error::deserialize(&mut json)?;
    let root = serde_path_to_error::Track::new().path();
    json.end()
        .map_err(|trailing| serde_path_to_error::Error::new(root, trailing))?;
    Ok(envelope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<(Value, Context, Option<Fenced>), Failure> {
        super::read(&Invocation::for_test(json))
    }

    #[track_caller]
    fn refused(json: &str, message: &str) {
        let failure = read(json).unwrap_err();
        assert_eq!(failure.name, "SagaBadEvent");
        assert!(failure.message.contains(message), "{}", failure.message);
    }

    #[test]
    fn an_event_gives_input_and_context() {
        let (input, context, fenced) = read(
            r#"{"saga": {"id": "arn", "step": "Charge2", "phase": "undo", "attempt": 2}, "input": {"a": 1}}"#,
        )
        .unwrap();
        assert_eq!(input, serde_json::json!({"a": 1}));
        assert_eq!(context.idempotency_key(), "arn/Charge2");
        assert_eq!((context.phase, context.attempt), (Phase::Undo, 2));
        assert_eq!(context.request_id, "request");
        let deadline = context.deadline.duration_since(std::time::UNIX_EPOCH);
        assert_eq!(deadline.unwrap().as_secs(), 7);
        assert_eq!(fenced, None);
    }

    #[test]
    fn an_event_of_a_fenced_item_says_which_and_when() {
        let (_, context, fenced) = read(
            r#"{"saga": {"id": "arn", "step": "Reserve", "item": "Orders[1]", "phase": "do", "attempt": 2,
                "fence": {"entered": 7, "redrive": 1, "sent": 9}}, "input": {}}"#,
        )
        .unwrap();
        assert_eq!(context.idempotency_key(), "arn/Reserve/Orders[1]");
        let order = Order {
            entered: 7,
            redrive: 1,
            attempt: 2,
        };
        assert_eq!(fenced, Some(Fenced { order, sent: 9 }));
    }

    #[test]
    fn a_malformed_event_is_refused_with_its_field() {
        refused("", "EOF while parsing a value");
        refused(
            "7",
            "invalid type: integer `7`, expected an object with `saga`",
        );
        refused("{}", "`saga`: missing");
        refused(
            r#"{"saga": {"id": "a", "step": "S", "phase": "do"}, "input": 1} 2"#,
            "trailing characters",
        );
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
            r#"{"saga": {"id": "a", "step": "S", "phase": "do", "fence": {"entered": 7}}}"#,
            "`saga.fence.redrive`: missing",
        );
        refused(
            r#"{"saga": {"id": "a", "step": "S", "phase": "do"}}"#,
            "`input`: missing",
        );
    }
}
