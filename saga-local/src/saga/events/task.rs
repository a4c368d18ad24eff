//! One delivery of a do or an undo: the handler is invoked as a state machine would invoke it, with the fault that hits it.

use saga_choreography::{Choreography, Event};
use saga_dsl::handler::{BAD_EVENT, UNKNOWN_HANDLER};
use saga_fence::{Failure, IN_PROGRESS, Outcome, Reply};
use saga_manifest::error::Outcome as Declared;
use saga_manifest::step::Call;
use saga_manifest::task::Task;
use serde_json::{Value, json};

use super::EventDriver;
use crate::lambda::{Answer, FunctionError};
use crate::saga::Fault;
use crate::saga::address::Site;

/// What came of a delivery.
pub(super) enum Told {
    /// The fence or the handler said this.
    Reply(Reply),
    /// It was carried out, and nobody hears of it.
    Lost,
    /// The function died.
    Died,
}

/// How Lambda names a function's end that its runtime did not report.
const DEATHS: [&str; 3] = ["Runtime.ExitError", "Lambda.Unknown", "Sandbox.Timedout"];

impl EventDriver {
    /// Delivers a do or an undo, at an instant in milliseconds since 1970.
    pub(super) async fn act(&self, choreography: &Choreography, event: &Event, now: u64) -> Told {
        let step = event.step.as_deref().unwrap_or_default();
        let undo = event.action.is_undo();
        let Some(call) = choreography.call(step, undo) else {
            return Told::Lost;
        };
        let Task::Lambda { handler, .. } = &call.task else {
            return Told::Lost;
        };
        let state = if undo {
            format!("Undo{step}")
        } else {
            step.to_owned()
        };
        let site = Site {
            machine: &event.saga,
            state: &state,
            iteration: &[],
        };
        let fault = self.faults.hitting(&site, event.attempt);
        let payload = payload(choreography, event, now);
        let invoke = async |answer| {
            self.backend
                .handlers
                .invoke(handler, &payload, answer)
                .await
        };
        match fault {
            Some(Fault::Fail(error)) => {
                let message = "injected: the step did not run".to_owned();
                Told::Reply(Reply::Failed(failure(call, error, message)))
            }
            Some(Fault::Timeout) => {
                // It acts, and its answer is lost.
                let _ = invoke(Answer::Returned).await;
                Told::Lost
            }
            Some(Fault::Crash) => {
                let _ = invoke(Answer::LostToCrash).await;
                Told::Died
            }
            Some(Fault::Duplicate) => {
                let _ = invoke(Answer::Returned).await;
                told(call, invoke(Answer::Returned).await, now)
            }
            _ => told(call, invoke(Answer::Returned).await, now),
        }
    }
}

/// What a handler is invoked with: the same fields that its bootstrap makes of an event itself.
fn payload(choreography: &Choreography, event: &Event, now: u64) -> Value {
    let step = event.step.as_deref().unwrap_or_default();
    let undo = event.action.is_undo();
    let mut saga = json!({
        "id": event.sagaid,
        "step": step,
        "phase": if undo { "undo" } else { "do" },
        "attempt": event.attempt,
    });
    if let (true, Some(saga)) = (choreography.is_fenced(step, undo), saga.as_object_mut()) {
        let fence = json!({ "entered": event.entered, "redrive": event.redrive, "sent": now });
        saga.insert("fence".to_owned(), fence);
    }
    json!({ "saga": saga, "input": event.data })
}

fn told(call: &Call, answered: Result<Value, FunctionError>, now: u64) -> Told {
    let FunctionError { name, cause } = match answered {
        Ok(answer) => return Told::Reply(Reply::Answer(answer.to_string())),
        Err(error) => error,
    };
    if DEATHS.contains(&name.as_str()) {
        return Told::Died;
    }
    if name == IN_PROGRESS {
        let longest = u64::from(call.timeout_seconds) * 1_000;
        return Told::Reply(Reply::Wait(now + longest));
    }
    let payload: Value = serde_json::from_str(&cause).unwrap_or_default();
    let message = payload.get("errorMessage").and_then(Value::as_str);
    let message = message.unwrap_or(&cause).to_owned();
    Told::Reply(Reply::Failed(failure(call, &name, message)))
}

/// A failure with the outcome that the call declares of it; of what it does not declare nobody knows the outcome.
fn failure(call: &Call, name: &str, message: String) -> Failure {
    let declared = call.errors.iter().find(|error| error.name == name);
    let refused = [BAD_EVENT, UNKNOWN_HANDLER].contains(&name);
    let outcome = match declared.map(|error| error.outcome) {
        Some(Declared::NotDone) => Outcome::NotDone,
        None if refused => Outcome::NotDone,
        Some(Declared::Unknown) | None => Outcome::Unknown,
    };
    Failure {
        name: name.to_owned(),
        message,
        outcome,
    }
}
