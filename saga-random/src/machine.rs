//! A definition that runs against a [`Service`], one task after the other.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{
    Effect, Event, Execution, ExecutionType, Invocation, Settings, Status,
};
use saga_engine::fault::Failure;
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_fence::{Delivery, Order, Phase, Reply};
use serde_json::Value;

use crate::guarantee::Broken;
use crate::service::{FUNCTION, Got, Service, Visit};

/// How a run came to its end, or to an operator.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// Completed, with this output.
    Completed(Value),
    /// Compensated, after this error of this step.
    Compensated,
    /// It waits for an operator.
    Parked,
}

/// An execution of a saga's definition.
pub struct Machine {
    execution: Execution,
    now: u64,
    deliveries: u64,
}

impl Machine {
    /// An execution that was just started.
    #[must_use]
    pub fn start(program: &Arc<Program>, input: &Value) -> Self {
        let settings = Settings {
            execution_type: ExecutionType::Standard,
            keep_history: false,
            ..Settings::default()
        };
        let input = Data::parse(&input.to_string()).unwrap_or_default();
        let program = Arc::clone(program);
        Self {
            execution: Execution::start(program, settings, input, Timestamp(0)),
            now: 0,
            deliveries: 0,
        }
    }

    /// Lets it go on from where it is parked.
    ///
    /// # Errors
    /// It cannot.
    pub fn redrive(&mut self) -> Result<(), Broken> {
        let redriven = self.execution.redrive(self.timestamp());
        redriven
            .then_some(())
            .ok_or_else(|| format!("it cannot be redriven: {:?}", self.execution.outcome()))
    }

    /// Runs it until it has ended or is parked.
    ///
    /// # Errors
    /// A guarantee that it breaks.
    pub fn run(&mut self, service: &mut Service<'_>) -> Result<End, Broken> {
        loop {
            let effects = self.execution.take_effects();
            if effects.is_empty() {
                if self.execution.outcome().is_some() {
                    return self.end();
                }
                let wake = self.execution.next_wake();
                let wake = wake.ok_or("it waits for nothing")?;
                self.now = self.now.max(u64::try_from(wake.0).unwrap_or_default());
                let now = self.timestamp();
                self.execution.handle(Event::TimePassed, now);
                continue;
            }
            for effect in effects {
                if let Effect::Invoke(invocation) = effect {
                    let event = self.invoke(&invocation, service)?;
                    let now = self.timestamp();
                    self.execution.handle(event, now);
                }
            }
        }
    }

    fn timestamp(&self) -> Timestamp {
        Timestamp(i64::try_from(self.now).unwrap_or(i64::MAX))
    }

    fn invoke(&mut self, call: &Invocation, service: &mut Service<'_>) -> Result<Event, Broken> {
        let arguments =
            serde_json::to_value(&call.arguments).map_err(|problem| problem.to_string())?;
        let task = call.task;
        let Some(mut visit) = self.visit(&arguments) else {
            let answer = Data::object([("Payload", Data::empty_object())]);
            return Ok(Event::TaskSucceeded(task, answer));
        };
        loop {
            match service.step(&mut visit, None)? {
                Got::On => {}
                Got::Reply(Reply::Answer(json)) => {
                    let payload = Data::parse(&json).unwrap_or_default();
                    let answer = Data::object([("Payload", payload)]);
                    return Ok(Event::TaskSucceeded(task, answer));
                }
                Got::Reply(Reply::Nothing | Reply::Sealed(_)) => {
                    let answer = Data::object([("Payload", Data::empty_object())]);
                    return Ok(Event::TaskSucceeded(task, answer));
                }
                Got::Reply(Reply::Failed(failure)) => {
                    let failure = Failure::new(failure.name.as_str(), failure.message.as_str());
                    return Ok(Event::TaskFailed(task, failure));
                }
                // Its lease is waited out.
                Got::Reply(Reply::Wait(_)) | Got::Died => {
                    self.now += 2 * FUNCTION;
                    return Ok(Event::TaskTimedOut(task));
                }
            }
        }
    }

    fn visit(&mut self, arguments: &Value) -> Option<Visit> {
        let payload = arguments.get("Payload")?;
        let saga = payload.get("saga")?;
        let fence = saga.get("fence");
        let number = |of: &Value, name: &str| of.get(name).and_then(Value::as_u64);
        let count = |of: &Value, name: &str| u32::try_from(number(of, name)?).ok();
        self.deliveries += 1;
        let delivery = Delivery {
            phase: match saga.get("phase")?.as_str()? {
                "undo" => Phase::Undo,
                _ => Phase::Do,
            },
            order: Order {
                entered: fence
                    .and_then(|fence| number(fence, "entered"))
                    .unwrap_or_default(),
                redrive: fence
                    .and_then(|fence| count(fence, "redrive"))
                    .unwrap_or_default(),
                attempt: count(saga, "attempt")?,
            },
            id: self.deliveries.to_string(),
            now: self.now,
            until: self.now + FUNCTION,
        };
        let step = saga.get("step")?.as_str()?;
        let visit = Visit::new("saga", step, delivery, payload.get("input")?.clone());
        Some(match fence {
            Some(_) => visit,
            None => visit.unfenced(),
        })
    }

    fn end(&self) -> Result<End, Broken> {
        let outcome = self.execution.outcome().ok_or("it did not end")?;
        let failure = outcome.failure.as_ref();
        match (
            outcome.status,
            failure.and_then(|failure| failure.error.as_deref()),
        ) {
            (Status::Succeeded, _) => {
                let output = serde_json::to_value(&outcome.output);
                Ok(End::Completed(
                    output.map_err(|problem| problem.to_string())?,
                ))
            }
            (Status::Failed, Some("SagaCompensated")) => Ok(End::Compensated),
            (Status::Failed, _) => Ok(End::Parked),
            (status, _) => Err(format!("it ended as {status:?}")),
        }
    }
}
