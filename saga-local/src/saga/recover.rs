//! Recovery of an execution that ended as no saga should: the state machine that EventBridge would start.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::Status;
use saga_engine::history::{Detail, HistoryEvent};
use serde_json::{Value, json};

use super::executions::{Executions, Seen};
use super::{Driver, Ended, Ending, Integrations, Prepared, RunError, Stop, Working};
use crate::services::CallError;

impl Driver {
    /// Recovers what is left of an execution, as the rule on its end would; none where the saga has no
    /// recovery. The clock goes on from its end; faults don't hit the recovery. It has `completed` its work
    /// when the saga is over: then it is called compensated. Where it waits for an operator, it is parked.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn recover(
        mut self,
        saga: &Prepared,
        input: &Data,
        ended: &Ended,
        stop: Stop,
        seen: &mut dyn FnMut(Seen<'_>),
    ) -> Result<Option<Ended>, RunError> {
        let Some(machine) = &saga.recovery else {
            return Ok(None);
        };
        if let Some(last) = ended.execution.history().last() {
            self.clock.reach(last.at);
        }
        let arn = saga.execution_arn(&self.execution);
        let event =
            json!({ "detail": { "executionArn": arn, "status": ended.outcome.status.name() } });
        let event = serde_json::from_value(event).unwrap_or_default();
        self.backend.services = Arc::new(Looked {
            services: Arc::clone(&self.backend.services),
            description: description(&arn, &self.execution, input, ended),
            history: history(ended.execution.history()),
        });
        self.faults = super::Faults::default();
        let mut executions = Executions::of(self.seed);
        let now = self.clock.now();
        // INVARIANT: the first of its name, so it is started.
        let _ = executions.start(machine, Some(&self.execution), event, None, now);
        let mut recovered = self.drive(saga, executions, stop, seen).await?;
        recovered.ending = match recovered.outcome.status {
            Status::Succeeded => Ending::Compensated,
            Status::Failed => Ending::Parked,
            _ => Ending::Failed,
        };
        Ok(Some(recovered))
    }
}

/// The services, and what Step Functions says of the execution that is recovered.
struct Looked {
    services: Arc<dyn Integrations>,
    description: Value,
    history: Value,
}

impl Integrations for Looked {
    fn perform<'a>(
        &'a self,
        service: &'a str,
        action: &'a str,
        arguments: &'a Value,
        now: i64,
    ) -> Working<'a, Result<Value, CallError>> {
        match (service, action) {
            ("aws-sdk:sfn", "describeExecution") => {
                Box::pin(async { Ok(self.description.clone()) })
            }
            ("aws-sdk:sfn", "getExecutionHistory") => Box::pin(async { Ok(self.history.clone()) }),
            ("aws-sdk:dynamodb", action) => {
                self.services.perform("dynamodb", action, arguments, now)
            }
            _ => self.services.perform(service, action, arguments, now),
        }
    }
}

fn description(arn: &str, name: &str, input: &Data, ended: &Ended) -> Value {
    let mut description = json!({
        "ExecutionArn": arn,
        "Name": name,
        "Status": ended.outcome.status.name(),
        "Input": serde_json::to_string(input).unwrap_or_default(),
    });
    if let (Some(fields), Some(failure)) = (description.as_object_mut(), &ended.outcome.failure) {
        let said = [("Error", &failure.error), ("Cause", &failure.cause)];
        let said = said
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), Value::from(text.as_deref()?))));
        fields.extend(said);
    }
    description
}

/// The events, the last one first.
fn history(events: &[HistoryEvent]) -> Value {
    let events = events.iter().rev().map(|event| {
        let kind = event.detail.event_type();
        match &event.detail {
            Detail::StateEntered { name, .. } => {
                json!({ "Type": kind, "StateEnteredEventDetails": { "Name": &**name } })
            }
            _ => json!({ "Type": kind }),
        }
    });
    json!({ "Events": events.take(200).collect::<Vec<_>>() })
}
