//! Handlers in this process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use saga_dsl::Package;
use saga_dsl::handler::{BAD_EVENT, Context, Failure, PANIC, Phase, Serve};
use serde_json::{Value, json};

use crate::lambda::{Answer, FunctionError};
use crate::saga::{Handlers, Working};

/// The handlers of a package, each with its application state.
pub(super) struct InProcess {
    handlers: BTreeMap<String, Arc<dyn Serve>>,
}

impl InProcess {
    /// Starts the package's handlers; those that are `given` run already.
    ///
    /// # Errors
    /// When one of them does not start.
    pub(super) async fn start(
        package: &Package,
        given: BTreeMap<String, Arc<dyn Serve>>,
    ) -> Result<Self, String> {
        let mut handlers = given;
        for registered in package.handlers() {
            let name = registered.name();
            if handlers.contains_key(&name) {
                continue;
            }
            let started = registered.start().await;
            let handler = started.map_err(|error| format!("`{name}` does not start: {error}"))?;
            handlers.insert(name, Arc::from(handler));
        }
        Ok(Self { handlers })
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
        let handler = Arc::clone(handler);
        // A task of its own, so that a panic ends this invocation and nothing else.
        let served = tokio::spawn(async move { handler.serve(input, cx).await }).await;
        if answer == Answer::LostToCrash {
            return Err(FunctionError::killed());
        }
        match served {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(Failure { name, message, .. })) => Err(FunctionError::of(&name, &message)),
            Err(panicked) => Err(FunctionError::of(PANIC, &panicked.to_string())),
        }
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
/// `{"saga": {"id", "step", "phase", "attempt"}, "input": …}`.
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
