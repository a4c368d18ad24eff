//! Handlers in this process, behind the same fences as a deployed function's, in the embedded table and on
//! the test's clock.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use saga_dsl::Package;
use saga_dsl::handler::environment::{Environment, Within};
use saga_dsl::handler::{BAD_EVENT, BAD_OUTPUT, Context, Failure, PANIC, Phase, Serve};
use saga_fence::table::NAME;
use saga_fence::{
    Delivery, Ended, Key, Order, Outcome, Reply, Store, Swapped, Write, dynamodb, pass,
};
use serde_json::{Value, json};

use crate::dynamodb::Error;
use crate::lambda::{Answer, FunctionError};
use crate::saga::{Handlers, Working};
use crate::services::Embedded;

/// The handlers of a package, each with its application state.
pub(super) struct InProcess {
    handlers: BTreeMap<String, Arc<dyn Serve>>,
    /// How long each may run, in milliseconds.
    timeouts: BTreeMap<String, u64>,
    fences: Fences,
    environments: BTreeMap<String, Environment>,
}

impl InProcess {
    /// Starts the package's handlers, each in the environment of its function, by its name; those that are
    /// `given` run already.
    ///
    /// # Errors
    /// When one of them does not start.
    pub(super) async fn start(
        package: &Package,
        given: BTreeMap<String, Arc<dyn Serve>>,
        environments: BTreeMap<String, Environment>,
        services: Embedded,
    ) -> Result<Self, String> {
        let mut handlers = given;
        for registered in package.handlers() {
            let name = registered.name();
            if handlers.contains_key(&name) {
                continue;
            }
            let environment = environments.get(&name).cloned().unwrap_or_default();
            let started = Within::new(environment, registered.start()).await;
            let handler = started.map_err(|error| format!("`{name}` does not start: {error}"))?;
            handlers.insert(name, Arc::from(handler));
        }
        let timeouts = package.handlers().map(|registered| {
            let timeout = u64::try_from(registered.timeout().as_millis());
            (registered.name(), timeout.unwrap_or(u64::MAX))
        });
        Ok(Self {
            timeouts: timeouts.collect(),
            handlers,
            fences: Fences(services),
            environments,
        })
    }

    async fn serve(
        &self,
        name: &str,
        event: &Value,
        answer: Answer,
    ) -> Result<Value, FunctionError> {
        let handler = self
            .handlers
            .get(name)
            .ok_or_else(|| FunctionError::not_found(name))?;
        let (input, cx) = opened(event)?;
        let (handler, context) = (Arc::clone(handler), cx.clone());
        let environment = self.environments.get(name).cloned().unwrap_or_default();
        let work = async move {
            // A task of its own, so that a panic ends this invocation and nothing else.
            let served = async move { handler.serve(input, cx).await };
            match tokio::spawn(Within::new(environment, served)).await {
                Ok(Ok(output)) => Ended::Answered(output.to_string()),
                Ok(Err(failure)) => Ended::Failed(kept(failure)),
                Err(panicked) => Ended::Failed(unknown(PANIC, &panicked.to_string())),
            }
        };
        let reply = match delivery(event, &context, self.timeout(name)) {
            None => match work.await {
                Ended::Answered(json) => Reply::Answer(json),
                Ended::Failed(failure) => Reply::Failed(failure),
            },
            Some(delivery) => {
                let key = Key::new(&context.saga_id, &context.step, context.item.as_deref());
                pass(&self.fences, &key, delivery, pin!(work)).await
            }
        };
        if answer == Answer::LostToCrash {
            return Err(FunctionError::killed());
        }
        let failure = match reply {
            Reply::Answer(json) => match serde_json::from_str(&json) {
                Ok(output) => return Ok(output),
                Err(problem) => unknown(BAD_OUTPUT, &problem.to_string()),
            },
            Reply::Nothing | Reply::Sealed(_) => return Ok(Value::Null),
            Reply::Failed(failure) => failure,
            Reply::Wait(_) => saga_fence::Failure::in_progress(),
        };
        Err(FunctionError::of(&failure.name, &failure.message))
    }

    fn timeout(&self, name: &str) -> u64 {
        self.timeouts.get(name).copied().unwrap_or_default()
    }
}

impl Handlers for InProcess {
    fn invoke<'a>(
        &'a self,
        function: &'a str,
        event: &'a Value,
        answer: Answer,
    ) -> Working<'a, Result<Value, FunctionError>> {
        Box::pin(self.serve(function, event, answer))
    }
}

/// The longest timeout of a function (quotas of Lambda): nothing ends a handler in this process.
const LONGEST: Duration = Duration::from_secs(900);

/// The handler's input and context in an event of ours:
/// `{"saga": {"id", "step", "item", "phase", "attempt", "fence"}, "input": …}`.
fn opened(event: &Value) -> Result<(Value, Context), FunctionError> {
    let text = |name: &str| {
        event
            .pointer(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let refused = || FunctionError::of(BAD_EVENT, &format!("no event of a saga: {event}"));
    let context = Context {
        saga_id: text("/saga/id").ok_or_else(refused)?,
        step: text("/saga/step").ok_or_else(refused)?,
        item: text("/saga/item"),
        phase: if text("/saga/phase").as_deref() == Some("undo") {
            Phase::Undo
        } else {
            Phase::Do
        },
        attempt: event
            .pointer("/saga/attempt")
            .and_then(Value::as_u64)
            .and_then(|attempt| u32::try_from(attempt).ok())
            .unwrap_or_default(),
        request_id: crate::identifier::random(),
        deadline: SystemTime::now() + LONGEST,
    };
    Ok((
        event.get("input").cloned().unwrap_or_else(|| json!({})),
        context,
    ))
}

/// The delivery of a fenced event, at the time that the event itself states.
fn delivery(event: &Value, context: &Context, timeout: u64) -> Option<Delivery> {
    let number = |name: &str| event.pointer(name).and_then(Value::as_u64);
    let sent = number("/saga/fence/sent")?;
    Some(Delivery {
        phase: match context.phase {
            Phase::Do => saga_fence::Phase::Do,
            Phase::Undo => saga_fence::Phase::Undo,
        },
        order: Order {
            entered: number("/saga/fence/entered")?,
            redrive: u32::try_from(number("/saga/fence/redrive")?).ok()?,
            attempt: context.attempt,
        },
        id: context.request_id.clone(),
        now: sent,
        until: sent.saturating_add(timeout),
    })
}

fn kept(failure: Failure) -> saga_fence::Failure {
    saga_fence::Failure {
        outcome: match failure.outcome {
            saga_manifest::error::Outcome::NotDone => Outcome::NotDone,
            saga_manifest::error::Outcome::Unknown => Outcome::Unknown,
        },
        name: failure.name,
        message: failure.message,
    }
}

fn unknown(name: &str, message: &str) -> saga_fence::Failure {
    saga_fence::Failure {
        name: name.into(),
        message: message.into(),
        outcome: Outcome::Unknown,
    }
}

/// The fences in the embedded table.
struct Fences(Embedded);

impl Store for Fences {
    async fn swap(&self, key: &Key, write: &Write) -> Swapped {
        let request = dynamodb::put(NAME, key, write);
        match self.0.lock().dynamodb.perform("PutItem", &request) {
            Ok(_) => Swapped::Kept,
            Err(Error::ConditionalCheckFailed { item }) => dynamodb::refused(item.as_ref()),
            Err(error) => Swapped::Failed(error.to_string()),
        }
    }
}
