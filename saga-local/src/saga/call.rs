//! One task: what its state calls, with the fault that hits it.

use std::sync::Arc;
use std::time::Duration;

use saga_asl::data::Data;
use saga_engine::execution::{Event, Invocation};
use saga_engine::fault::Failure;
use saga_engine::program::{Pattern, Resource, Service};
use serde_json::{Value, json};

use super::{Backend, Fault};
use crate::lambda::{Answer, FunctionError};
use crate::services::{CallError, ServiceFailure};

/// What came of a call.
pub(super) enum Called {
    /// The task has ended.
    Ended(Event),
    /// The service has what it was sent, and the task waits for its token.
    Submitted {
        /// The call.
        invocation: Invocation,
        /// What the service said.
        output: Data,
        /// Whether the answer gets lost.
        lost: bool,
    },
    /// The answer is lost.
    Lost,
    /// The execution is aborted.
    Aborted,
    /// Nothing here can carry it out.
    NotEmbedded {
        /// The state.
        state: Arc<str>,
        /// What it calls.
        resource: String,
    },
}

/// Carries out a task, at an instant in milliseconds since 1970.
pub(super) async fn call(
    invocation: Invocation,
    fault: Option<Fault>,
    backend: Backend,
    now: i64,
) -> Called {
    let resource = Resource::parse(&invocation.resource);
    match fault {
        Some(Fault::Late(delay)) => {
            deliver(invocation, backend, now, delay);
            return Called::Lost;
        }
        Some(Fault::Stray(delay)) => deliver(invocation.clone(), backend.clone(), now, delay),
        _ => {}
    }
    let work = Work {
        invocation: &invocation,
        resource: &resource,
        backend: &backend,
        now,
    };
    let told = match &fault {
        Some(Fault::Fail(error)) => Err(injected(error).into()),
        Some(Fault::Crash) => work.once(Answer::LostToCrash).await,
        Some(Fault::Duplicate) => {
            // The first answer did not arrive; what it did stays done.
            let _ = work.once(Answer::Returned).await;
            work.once(Answer::Returned).await
        }
        None | Some(Fault::Timeout | Fault::Abort | Fault::Late(_) | Fault::Stray(_)) => {
            work.once(Answer::Returned).await
        }
    };
    let lost = fault == Some(Fault::Timeout);
    match told {
        Err(CallError::NotEmbedded(resource)) => Called::NotEmbedded {
            state: invocation.state,
            resource,
        },
        Ok(output) if resource.pattern == Pattern::Callback => Called::Submitted {
            invocation,
            output,
            lost,
        },
        _ if lost => Called::Lost,
        _ if fault == Some(Fault::Abort) => Called::Aborted,
        Ok(output) => Called::Ended(Event::TaskSucceeded(invocation.task, output)),
        Err(CallError::Failed(refused)) => {
            Called::Ended(Event::TaskFailed(invocation.task, failure(refused)))
        }
    }
}

/// Delivers a task later, to nobody's knowledge: it goes on when its execution has ended, too.
fn deliver(invocation: Invocation, backend: Backend, now: i64, delay: Duration) {
    let passed = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        let work = Work {
            invocation: &invocation,
            resource: &Resource::parse(&invocation.resource),
            backend: &backend,
            now: now.saturating_add(passed),
        };
        // Nobody waits for it.
        let _ = work.once(Answer::Returned).await;
    });
}

/// The failure of a step that did not run.
pub(super) fn injected(error: &str) -> ServiceFailure {
    let cause = json!({ "errorType": error, "errorMessage": "injected: the step did not run" });
    ServiceFailure {
        error: error.into(),
        cause: cause.to_string(),
    }
}

pub(super) fn failure(ServiceFailure { error, cause }: ServiceFailure) -> Failure {
    Failure::new(error, cause)
}

/// A task at work.
struct Work<'w> {
    invocation: &'w Invocation,
    resource: &'w Resource,
    backend: &'w Backend,
    now: i64,
}

impl Work<'_> {
    async fn once(&self, answer: Answer) -> Result<Data, CallError> {
        let arguments = plain(&self.invocation.arguments);
        let arn = &self.resource.arn;
        let not_embedded = || CallError::NotEmbedded(arn.to_string());
        if self.resource.pattern == Pattern::Sync {
            return Err(not_embedded());
        }
        let output = match &self.resource.service {
            Service::Function => self.function(arn, &arguments, answer).await?,
            Service::Integration { kind, action } => match (&**kind, &**action) {
                ("lambda", "invoke" | "invoke.waitForTaskToken") => {
                    self.invoke(&arguments, answer).await?
                }
                (service, action) => {
                    let action = action.trim_end_matches(".waitForTaskToken");
                    self.integration(service, action, &arguments, answer)
                        .await?
                }
            },
            Service::Activity => return Err(not_embedded()),
        };
        Ok(data(output))
    }

    /// `lambda:invoke`: the payload in an envelope.
    async fn invoke(&self, arguments: &Value, answer: Answer) -> Result<Value, CallError> {
        let name = arguments
            .get("FunctionName")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let none = json!({});
        let payload = self
            .function(name, arguments.get("Payload").unwrap_or(&none), answer)
            .await?;
        Ok(json!({
            "ExecutedVersion": "$LATEST",
            "Payload": payload,
            "SdkHttpMetadata": { "HttpStatusCode": 200 },
            "SdkResponseMetadata": { "RequestId": crate::identifier::random() },
            "StatusCode": 200,
        }))
    }

    async fn function(&self, arn: &str, event: &Value, answer: Answer) -> Result<Value, CallError> {
        // A qualifier, as in `…:function:name:$LATEST`, is no part of the name.
        let name = arn.split_once(":function:").map_or(arn, |(_, name)| name);
        let name = name.split(':').next().unwrap_or(name);
        let answered = self.backend.handlers.invoke(name, event, answer).await;
        answered.map_err(|FunctionError { name, cause }| {
            CallError::Failed(ServiceFailure { error: name, cause })
        })
    }

    async fn integration(
        &self,
        service: &str,
        action: &str,
        arguments: &Value,
        answer: Answer,
    ) -> Result<Value, CallError> {
        let answered = self
            .backend
            .services
            .perform(service, action, arguments, self.now)
            .await?;
        match answer {
            Answer::Returned => Ok(answered),
            Answer::LostToCrash => Err(CallError::Failed(ServiceFailure::internal(service))),
        }
    }
}

/// A payload as serde has it. Keys of an object are texts: nothing can fail.
fn plain(data: &Data) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

fn data(value: Value) -> Data {
    serde_json::from_value(value).unwrap_or_default()
}
