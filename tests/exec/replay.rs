//! Services that answer as those did when an execution was recorded.

use saga_asl::data::Data;
use saga_engine::execution::{Content, Invocation, Read, Write};
use saga_engine::fault::Failure;
use saga_local::drive::{Answer, DriveError, Services};
use serde_json::Value;

use crate::corpus::Case;
use crate::likeness::unlike;

pub struct Replay {
    replies: Vec<Option<Value>>,
    files: Value,
    wild: Vec<String>,
    /// What was sent that was not sent on AWS.
    pub differences: Vec<String>,
}

impl Replay {
    pub fn new(case: &Case) -> Self {
        let replies = case.get("mocks").as_array().cloned().unwrap_or_default();
        Replay {
            replies: replies.into_iter().map(Some).collect(),
            files: case.get("s3").clone(),
            wild: case.wild(),
            differences: Vec::new(),
        }
    }

    /// The next reply recorded for this state and iteration. Of several that could be meant, as
    /// in parallel branches, the one whose parameters are those sent.
    fn take(&mut self, invocation: &Invocation) -> Option<Value> {
        let sent = json(&invocation.arguments);
        let fits = |reply: &Option<Value>| {
            reply
                .as_ref()
                .is_some_and(|reply| is_for(reply, invocation))
        };
        let same = |reply: &Option<Value>| {
            let recorded = reply.as_ref().map(|reply| &reply["parameters"]);
            recorded.is_some_and(|recorded| unlike(recorded, &sent, &self.wild).is_none())
        };
        let exact = self
            .replies
            .iter()
            .position(|reply| fits(reply) && same(reply));
        let first = exact.or_else(|| self.replies.iter().position(fits))?;
        self.replies[first].take()
    }
}

fn is_for(reply: &Value, invocation: &Invocation) -> bool {
    let iteration = reply["iteration"].as_array().cloned().unwrap_or_default();
    let here = invocation.iteration.iter();
    let here: Vec<Value> = here
        .map(|(name, index)| serde_json::json!([&**name, index]))
        .collect();
    reply["state"] == *invocation.state && (iteration.is_empty() || iteration == here)
}

impl Services for Replay {
    fn call(&mut self, invocation: &Invocation) -> Result<Answer, DriveError> {
        let Some(recorded) = self.take(invocation) else {
            return Err(DriveError::unanswered(invocation, "no reply was recorded"));
        };
        let sent = json(&invocation.arguments);
        if let Some(difference) = unlike(&recorded["parameters"], &sent, &self.wild) {
            self.differences
                .push(format!("parameters of {}: {difference}", invocation.state));
        }
        let submitted = recorded.get("submitted").map(data);
        Ok(Answer {
            after: 1,
            submitted,
            result: result(&recorded["reply"]),
        })
    }

    fn read(&mut self, read: &Read) -> Result<Content, String> {
        let text = |name| {
            read.arguments
                .get(name)
                .and_then(Data::as_str)
                .unwrap_or_default()
        };
        let name = format!("{}/{}", text("Bucket"), text("Key"));
        match &self.files[&name] {
            Value::Null => Err(format!("no file {name}")),
            Value::String(body) => Ok(Content::Bytes(body.clone().into_bytes())),
            body => Ok(Content::Bytes(body.to_string().into_bytes())),
        }
    }

    fn write(&mut self, _: &Write) -> Result<(), String> {
        Ok(())
    }
}

/// What the service answered; nothing where the state gave up waiting.
fn result(reply: &Value) -> Option<Result<Data, Failure>> {
    let timed_out = reply["event"]
        .as_str()
        .is_some_and(|event| event.ends_with("TimedOut"));
    match reply.get("throw") {
        _ if timed_out => None,
        None => Some(Ok(data(&reply["return"]))),
        Some(thrown) => Some(Err(Failure {
            error: text(&thrown["error"]),
            cause: text(&thrown["cause"]),
            ..Failure::default()
        })),
    }
}

fn text(value: &Value) -> Option<std::sync::Arc<str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.as_str().into()),
        parsed => Some(parsed.to_string().into()),
    }
}

pub fn data(value: &Value) -> Data {
    serde_json::from_value(value.clone()).expect("JSON is data")
}

pub fn json(data: &Data) -> Value {
    serde_json::to_value(data).expect("data is JSON")
}
