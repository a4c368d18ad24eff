//! The actions of Step Functions that return a task's token.

use saga_asl::data::Data;
use saga_engine::fault::Failure;
use serde_json::{Value, json};

use super::reply::Reply;
use crate::saga::{CallbackError, Callbacks};

pub(super) fn answer(callbacks: &Callbacks, action: &str, body: &[u8]) -> Reply {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return Reply::error("SerializationException", "the request is no JSON");
    };
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let token = text("taskToken").unwrap_or_default();
    let answered = match action {
        "SendTaskSuccess" => match Data::parse(text("output").unwrap_or_default()) {
            Ok(output) => callbacks.succeed(token, output),
            Err(error) => {
                let message = format!("Invalid Output: '{error}'");
                return Reply::error("InvalidOutput", &message);
            }
        },
        "SendTaskFailure" => {
            let failure = Failure {
                error: text("error").map(Into::into),
                cause: text("cause").map(Into::into),
                ..Failure::default()
            };
            callbacks.fail(token, failure)
        }
        "SendTaskHeartbeat" => callbacks.heartbeat(token),
        _ => return Reply::unknown(&format!("`AWSStepFunctions.{action}`")),
    };
    match answered {
        Ok(()) => Reply::json(&json!({})),
        Err(error) => refused(error),
    }
}

fn refused(error: CallbackError) -> Reply {
    Reply::error(error.name(), &error.to_string())
}
