//! Recovery of executions that ended as no saga should: the state machines that EventBridge would start.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{Execution, Outcome, Status};
use saga_engine::history::{Detail, HistoryEvent};
use serde_json::{Map, Value, json};

use super::executions::{Executions, Number, Seen};
use super::prepared::Machine;
use super::{Driver, Ended, Ending, Integrations, Prepared, RunError, Stop, Working};
use crate::services::{CallError, ServiceFailure};

/// The state in which a recovery ends that finds nothing to recover.
const NOTHING: &str = "NothingToRecover";

/// The state in which a recovery fails that leaves the saga to an operator as a whole.
const LEFT: &str = "RecoveryParked";

/// Which execution an operator redrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redriven {
    /// The saga's own.
    Saga,
    /// The one that recovers it: it was parked on its way, and undoes the rest.
    Recovery,
}

impl Redriven {
    /// What is to be redriven of a saga that was recovered.
    #[must_use]
    pub fn after(recovered: &Ended) -> Self {
        let history = recovered.execution.history().iter().rev();
        let last = history.filter_map(entered).next();
        let on_its_way = recovered.outcome.status == Status::Failed && last != Some(LEFT);
        match on_its_way {
            true => Self::Recovery,
            false => Self::Saga,
        }
    }
}

impl Driver {
    /// Recovers what is left of an execution and of those that its states started, as the rules on their ends
    /// would; none where the saga has no recovery. The clock goes on from its end; faults don't hit recoveries.
    /// The saga's own recovery has `completed` its work when the saga is over: then it is called compensated.
    /// Where it waits for an operator, it is parked; where it finds that the execution is, it is that, too.
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
        let Some(machine) = saga.recoveries.get(&saga.saga) else {
            return Ok(None);
        };
        let arn = saga.execution_arn(&self.execution);
        let mut starts = vec![(machine, arn)];
        starts.extend(self.look(saga, input, ended));
        if let Some(last) = ended.execution.history().last() {
            self.clock.reach(last.at);
        }
        let mut executions = Executions::of(self.seed);
        let now = self.clock.now();
        for (machine, arn) in starts {
            let name = arn.rsplit(':').next().unwrap_or_default().to_owned();
            let event = json!({ "detail": { "executionArn": arn } });
            let event = serde_json::from_value(event).unwrap_or_default();
            // INVARIANT: executions of one machine have names of their own, so it is started.
            let _ = executions.start(machine, Some(&name), event, None, now);
        }
        let recovered = self.drive(saga, executions, stop, seen).await?;
        Ok(Some(judged(recovered, ended.ending)))
    }

    /// Redrives a recovery that was parked, as an operator would who has seen to what it asked.
    ///
    /// # Errors
    /// As [`redrive`](Self::redrive).
    pub async fn redrive_recovery(
        mut self,
        saga: &Prepared,
        input: &Data,
        ended: &Ended,
        recovered: Ended,
        stop: Stop,
        seen: &mut dyn FnMut(Seen<'_>),
    ) -> Result<Ended, RunError> {
        let Some(machine) = saga.recoveries.get(&saga.saga) else {
            return Err(RunError::NotRedriven);
        };
        self.look(saga, input, ended);
        let Ended {
            execution, nested, ..
        } = recovered;
        if let Some(last) = execution.history().last() {
            self.clock.reach(last.at);
        }
        let mut executions = Executions::of(self.seed);
        let now = self.clock.now();
        executions.take_in(machine, &self.execution, execution, now, 0);
        if !executions.redrive(Number::default(), now) {
            return Err(RunError::NotRedriven);
        }
        let mut again = self.drive(saga, executions, stop, seen).await?;
        again.nested.splice(0..0, nested);
        Ok(judged(again, ended.ending))
    }

    /// Lets Step Functions know what there is to know of an execution, and of those that its states started; gives
    /// the recoveries of the latter, each with the execution's ARN.
    fn look<'p>(
        &mut self,
        saga: &'p Prepared,
        input: &Data,
        ended: &Ended,
    ) -> Vec<(&'p Arc<Machine>, String)> {
        let arn = saga.execution_arn(&self.execution);
        let own = Known::of(&arn, input, &ended.outcome, &ended.execution);
        let mut known = BTreeMap::from([(arn, own)]);
        let mut starts = Vec::new();
        for nested in &ended.nested {
            if let (Some(machine), Some(outcome), Some(input)) = (
                saga.recoveries.get(&nested.machine),
                nested.execution.outcome(),
                begun_on(&nested.execution),
            ) {
                let of_nested = Known::of(&nested.arn, input, outcome, &nested.execution);
                known.insert(nested.arn.clone(), of_nested);
                starts.push((machine, nested.arn.clone()));
            }
        }
        self.backend.services = Arc::new(Looked {
            services: Arc::clone(&self.backend.services),
            known,
        });
        self.faults = super::Faults::default();
        starts
    }
}

/// A recovery that has ended, with how its saga has.
fn judged(recovered: Ended, before: Ending) -> Ended {
    let ending = match recovered.outcome.status {
        Status::Succeeded if found_nothing(&recovered.execution) => before,
        // Of a saga that had ended only the fences are let expire.
        Status::Succeeded if before == Ending::Completed => before,
        Status::Succeeded => Ending::Compensated,
        Status::Failed => Ending::Parked,
        _ => Ending::Failed,
    };
    Ended {
        ending,
        ..recovered
    }
}

fn found_nothing(recovery: &Execution) -> bool {
    let mut entered = recovery.history().iter().filter_map(entered);
    entered.any(|name| name == NOTHING)
}

/// The state that an event enters.
fn entered(event: &HistoryEvent) -> Option<&str> {
    match &event.detail {
        Detail::StateEntered { name, .. } => Some(name),
        _ => None,
    }
}

/// What an execution was started on.
pub(super) fn begun_on(execution: &Execution) -> Option<&Data> {
    let mut events = execution.history().iter();
    events.find_map(|event| match &event.detail {
        Detail::ExecutionStarted { input, .. } => Some(input),
        _ => None,
    })
}

/// What Step Functions says of an execution.
struct Known {
    description: Value,
    /// The events, the first one first.
    history: Vec<Value>,
}

impl Known {
    fn of(arn: &str, input: &Data, outcome: &Outcome, execution: &Execution) -> Self {
        Self {
            description: description(arn, input, outcome),
            history: execution.history().iter().map(event).collect(),
        }
    }

    /// A page of the history (API reference, `GetExecutionHistory`). A token is the number of events before the
    /// page.
    fn page(&self, request: &Value) -> Value {
        let is_set = |name: &str| request.get(name).and_then(Value::as_bool) == Some(true);
        let token = request.get("NextToken").and_then(Value::as_str);
        let before: usize = token.and_then(|token| token.parse().ok()).unwrap_or(0);
        let most = request.get("MaxResults").and_then(Value::as_u64);
        let most = usize::try_from(most.unwrap_or(100)).unwrap_or(usize::MAX);
        let events: Vec<&Value> = match is_set("ReverseOrder") {
            true => self.history.iter().rev().collect(),
            false => self.history.iter().collect(),
        };
        let page = events.iter().skip(before).take(most);
        let page = page.map(|event| match is_set("IncludeExecutionData") {
            true => (*event).clone(),
            false => without_data(event),
        });
        let mut answer = json!({ "Events": page.collect::<Vec<_>>() });
        let after = before.saturating_add(most);
        if let (true, Some(fields)) = (after < events.len(), answer.as_object_mut()) {
            fields.insert("NextToken".into(), after.to_string().into());
        }
        answer
    }
}

/// The services, and what Step Functions says of the executions that are recovered.
struct Looked {
    services: Arc<dyn Integrations>,
    known: BTreeMap<String, Known>,
}

impl Looked {
    fn asked(&self, action: &str, request: &Value) -> Result<Value, CallError> {
        let arn = request.get("ExecutionArn").and_then(Value::as_str);
        let known = self.known.get(arn.unwrap_or_default()).ok_or_else(|| {
            let error = "Sfn.ExecutionDoesNotExistException".to_owned();
            let cause = format!("Execution Does Not Exist: '{}'", arn.unwrap_or_default());
            CallError::Failed(ServiceFailure { error, cause })
        })?;
        match action {
            "describeExecution" => Ok(known.description.clone()),
            _ => Ok(known.page(request)),
        }
    }
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
            ("aws-sdk:sfn", "describeExecution" | "getExecutionHistory") => {
                let answer = self.asked(action, arguments);
                Box::pin(async { answer })
            }
            ("aws-sdk:dynamodb", action) => {
                self.services.perform("dynamodb", action, arguments, now)
            }
            _ => self.services.perform(service, action, arguments, now),
        }
    }
}

fn description(arn: &str, input: &Data, outcome: &Outcome) -> Value {
    let mut description = json!({
        "ExecutionArn": arn,
        "Name": arn.rsplit(':').next().unwrap_or_default(),
        "Status": outcome.status.name(),
        "Input": text(input),
    });
    if let (Some(fields), Some(failure)) = (description.as_object_mut(), &outcome.failure) {
        let said = [("Error", &failure.error), ("Cause", &failure.cause)];
        let said = said
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), Value::from(text.as_deref()?))));
        fields.extend(said);
    }
    description
}

/// An event, as far as recoveries ask about it.
fn event(event: &HistoryEvent) -> Value {
    let mut fields = Map::new();
    fields.insert("Id".into(), event.id.into());
    fields.insert("PreviousEventId".into(), event.previous.into());
    fields.insert("Type".into(), event.detail.event_type().into());
    match &event.detail {
        Detail::StateEntered { name, .. } => {
            fields.insert(
                "StateEnteredEventDetails".into(),
                json!({ "Name": &**name }),
            );
        }
        Detail::StateExited { name, assigned, .. } => {
            let mut details = json!({ "Name": &**name });
            if let (Some(Data::Object(assigned)), Some(details)) =
                (assigned, details.as_object_mut())
            {
                let values = assigned.iter();
                let values = values.map(|(name, value)| (name.to_string(), text(value).into()));
                let values: Map<String, Value> = values.collect();
                details.insert(ASSIGNED.into(), values.into());
            }
            fields.insert("StateExitedEventDetails".into(), details);
        }
        _ => {}
    }
    fields.into()
}

/// The member of an exited state that holds what it assigned: JSON texts by name.
const ASSIGNED: &str = "AssignedVariables";

fn without_data(event: &Value) -> Value {
    let mut event = event.clone();
    let details = event.get_mut("StateExitedEventDetails");
    if let Some(details) = details.and_then(Value::as_object_mut) {
        details.remove(ASSIGNED);
    }
    event
}

fn text(data: &Data) -> String {
    serde_json::to_string(data).unwrap_or_default()
}
