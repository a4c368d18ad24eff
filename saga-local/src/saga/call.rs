//! One task: what its state calls, with the fault that hits it.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{Event, Invocation};
use saga_engine::fault::Failure;
use saga_engine::program::{Pattern, Resource, Service};
use serde_json::{Value, json};

use super::{Backend, Fault};
use crate::lambda::{Answer, FunctionError};
use crate::services::{CallError, ServiceFailure};

/// What came of a task.
pub(super) enum Called {
    /// What the execution is told; nothing where the answer is lost.
    Told(Option<Event>),
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
    let work = Work {
        invocation: &invocation,
        backend: &backend,
        now,
    };
    let told = match fault {
        None => work.once(Answer::Returned).await,
        Some(Fault::Fail(error)) => Err(injected(&error)),
        Some(Fault::Crash) => work.once(Answer::LostToCrash).await,
        Some(Fault::Duplicate) => {
            // The first answer did not arrive; what it did stays done.
            let _ = work.once(Answer::Returned).await;
            work.once(Answer::Returned).await
        }
        Some(Fault::Timeout) => match work.once(Answer::Returned).await {
            Err(CallError::NotEmbedded(resource)) => Err(CallError::NotEmbedded(resource)),
            _ => return Called::Told(None),
        },
    };
    match told {
        Ok(output) => Called::Told(Some(Event::TaskSucceeded(invocation.task, output))),
        Err(CallError::Failed(ServiceFailure { error, cause })) => Called::Told(Some(
            Event::TaskFailed(invocation.task, Failure::new(error, cause)),
        )),
        Err(CallError::NotEmbedded(resource)) => Called::NotEmbedded {
            state: invocation.state,
            resource,
        },
    }
}

fn injected(error: &str) -> CallError {
    let cause = json!({ "errorType": error, "errorMessage": "injected: the step did not run" });
    CallError::Failed(ServiceFailure {
        error: error.into(),
        cause: cause.to_string(),
    })
}

/// A task at work.
struct Work<'w> {
    invocation: &'w Invocation,
    backend: &'w Backend,
    now: i64,
}

impl Work<'_> {
    async fn once(&self, answer: Answer) -> Result<Data, CallError> {
        let arguments = plain(&self.invocation.arguments);
        let resource = Resource::parse(&self.invocation.resource);
        if resource.pattern != Pattern::RequestResponse {
            return Err(CallError::NotEmbedded(resource.arn.to_string()));
        }
        let output = match &resource.service {
            Service::Function => self.function(&resource.arn, &arguments, answer).await?,
            Service::Integration { kind, action }
                if &**kind == "lambda" && &**action == "invoke" =>
            {
                self.invoke(&arguments, answer).await?
            }
            Service::Integration { kind, action } => {
                self.integration(kind, action, &arguments, answer).await?
            }
            Service::Activity => return Err(CallError::NotEmbedded(resource.arn.to_string())),
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
