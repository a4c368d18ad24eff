//! The two engines compared: the emulator's history of an execution, and the one that saga-engine makes of the deployed
//! definition, the same input and the same results of its tasks.

use std::collections::VecDeque;
use std::sync::Arc;

use saga_asl::json;
use saga_asl::model::StateMachine;
use saga_engine::execution::{Identity, Invocation, Settings, Status};
use saga_engine::fault::Failure;
use saga_engine::history::{Detail, HistoryEvent};
use saga_engine::program::Program;
use saga_engine::time::Timestamp;
use saga_local::drive::{Answer, DriveError, Services, VirtualClock, drive};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::tools::stack::Execution;

/// What both engines tell of a step.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Told {
    /// A state was entered with this input.
    Entered(String, Value),
    /// A task answered this.
    Succeeded(Value),
    /// A task failed with this error and cause.
    Failed(String, String),
    /// A state was left with this output.
    Exited(String, Value),
}

/// Where the engines differ.
pub fn difference(
    definition: &Value,
    input: &Value,
    execution: &Execution,
) -> Result<Option<String>, String> {
    let machine = StateMachine::from_value(&json::Value::from(definition.clone()));
    let machine = machine.map_err(|found| format!("{found:?}"))?;
    let program = Program::compile(&machine).map_err(|found| format!("{found:?}"))?;
    let history = Value::from(execution.history.clone());
    let theirs: Vec<Told> = serde_json::from_value(history).map_err(|error| error.to_string())?;
    let results = theirs.iter().filter_map(result);
    let mut services = Results(results.collect());
    let input = serde_json::from_value(input.clone()).map_err(|error| error.to_string())?;
    let driven = drive(
        Arc::new(program),
        settings(execution),
        input,
        &mut services,
        &mut VirtualClock(Timestamp(1_767_225_600_000)),
        &mut |_| (),
    );
    let (ours, outcome) = driven.map_err(|error| error.to_string())?;
    let told: Vec<_> = ours.history().iter().filter_map(told).collect();
    let mut pairs = told.iter().zip(&theirs);
    if let Some((ours, theirs)) = pairs.find(|(ours, theirs)| ours != theirs) {
        return Ok(Some(format!(
            "saga-engine tells {ours:?}, the emulator {theirs:?}"
        )));
    }
    if told.len() != theirs.len() || !services.0.is_empty() {
        let (ours, theirs) = (told.len(), theirs.len());
        return Ok(Some(format!(
            "saga-engine has {ours} events, the emulator {theirs}"
        )));
    }
    let failure = outcome.failure.as_ref();
    let ours = (
        outcome.status == Status::Succeeded,
        failure.and_then(|failure| failure.error.as_deref()),
    );
    let theirs = (execution.status == "SUCCEEDED", execution.error.as_deref());
    Ok((ours != theirs).then(|| format!("saga-engine ends {ours:?}, the emulator {theirs:?}")))
}

/// The execution's own names, for its states look at them.
fn settings(execution: &Execution) -> Settings {
    let mut parts = execution.arn.rsplit(':');
    let (name, machine) = (parts.next(), parts.next());
    let default = Settings::default();
    Settings {
        identity: Identity {
            execution: name.unwrap_or_default().into(),
            machine: machine.unwrap_or_default().into(),
            ..default.identity
        },
        keep_history: true,
        ..default
    }
}

type TaskResult = Result<Value, (String, String)>;

fn result(told: &Told) -> Option<TaskResult> {
    match told {
        Told::Succeeded(output) => Some(Ok(output.clone())),
        Told::Failed(error, cause) => Some(Err((error.clone(), cause.clone()))),
        Told::Entered(..) | Told::Exited(..) => None,
    }
}

/// The results of the emulator's tasks, in order.
struct Results(VecDeque<TaskResult>);

impl Services for Results {
    fn call(&mut self, _: &Invocation) -> Result<Answer, DriveError> {
        let missing = || Err(("NoResult".into(), "the emulator ran no such task".into()));
        Ok(Answer::now(
            match self.0.pop_front().unwrap_or_else(missing) {
                Ok(output) => Ok(serde_json::from_value(output).unwrap_or_default()),
                Err((error, cause)) => Err(Failure::new(&*error, &*cause)),
            },
        ))
    }
}

fn told(event: &HistoryEvent) -> Option<Told> {
    let value = |data| serde_json::to_value(data).unwrap_or_default();
    match &event.detail {
        Detail::StateEntered { name, input, .. } => {
            Some(Told::Entered(name.to_string(), value(input)))
        }
        Detail::StateExited { name, output, .. } => {
            Some(Told::Exited(name.to_string(), value(output)))
        }
        Detail::Succeeded { output, .. } => Some(Told::Succeeded(value(output))),
        Detail::Failed { failure, .. } | Detail::TimedOut { failure, .. } => {
            let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
            Some(Told::Failed(text(&failure.error), text(&failure.cause)))
        }
        _ => None,
    }
}
