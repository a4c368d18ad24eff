//! Faults, retries, catchers, and what is stopped when a state fails.

use std::sync::Arc;

use saga_asl::model::QueryLanguage;

use super::event::Effect;
use super::flow::{FlowId, Phase};
use super::running::too_large;
use super::step::{Extra, Step};
use super::timer::Alarm;
use crate::fault::{Failure, Fault, Origin};
use crate::history::{Detail, StateType};
use crate::program::{Kind, State};
use crate::state;

impl Step<'_> {
    /// A state could not go on.
    pub(super) fn fault(&mut self, id: FlowId, fault: Fault) {
        let failure = self.failure_of(id, fault);
        self.failed(id, failure);
    }

    /// The failure that a fault is, with the words that AWS puts before it. An expression's
    /// fault is written to the history.
    fn failure_of(&mut self, id: FlowId, fault: Fault) -> Failure {
        let (Some(state), Some(flow)) = (self.state_of(id), self.memory.flow(id)) else {
            return Failure::default();
        };
        let entered = flow.entered.1;
        let told = |message: &str| {
            format!(
                "An error occurred while executing the state '{}' (entered at the event id #{entered}). {message}",
                state.name
            )
        };
        match fault {
            Fault::Runtime(message) => Failure {
                origin: Origin::Runtime,
                ..Failure::new("States.Runtime", told(&message))
            },
            Fault::Named { error, message } if message == too_large(&state.name) => {
                Failure::new(error, message)
            }
            Fault::Named { error, message } => Failure::new(error, told(&message)),
            Fault::Query { location, message } => {
                let failure = Failure::new("States.QueryEvaluationError", told(&message));
                self.record(
                    id,
                    Detail::EvaluationFailed {
                        state: Arc::clone(&state.name),
                        location: location.into(),
                        failure: failure.clone(),
                    },
                );
                failure
            }
        }
    }

    /// A state has failed: it is tried again, caught, or takes what is around it with it.
    pub(super) fn failed(&mut self, id: FlowId, failure: Failure) {
        let Some(state) = self.state_of(id) else {
            return;
        };
        if failure.origin == Origin::Runtime {
            return self.fail_run_of(id, failure);
        }
        if self.retried(id, state, &failure) {
            return;
        }
        let failure = match self.caught(id, state, &failure) {
            Ok(true) => return,
            Ok(false) => failure,
            Err(fault) => self.failure_of(id, fault),
        };
        if failure.origin == Origin::Runtime {
            return self.fail_run_of(id, failure);
        }
        self.record_state_failed(id, state, &failure);
        self.end_flow(id, Err(failure));
    }

    fn retried(&mut self, id: FlowId, state: &State, failure: &Failure) -> bool {
        let Some(flow) = self.memory.flow_mut(id) else {
            return false;
        };
        flow.retries.resize(state.retry.len(), 0);
        let Some((index, retrier)) = state::retrier_for(&state.retry, &flow.retries, failure)
        else {
            return false;
        };
        let used = flow.retries.get(index).copied().unwrap_or(0);
        if let Some(count) = flow.retries.get_mut(index) {
            *count += 1;
        }
        let seconds = state::backoff(retrier, used, &mut self.memory.random);
        self.drop_children(id);
        let at = self.memory.now.after_seconds(seconds);
        let timer = self.memory.timers.add(at, id, Alarm::Retry);
        if let Some(flow) = self.memory.flow_mut(id) {
            flow.phase = Phase::Waiting(timer);
        }
        true
    }

    fn caught(&mut self, id: FlowId, state: &State, failure: &Failure) -> Result<bool, Fault> {
        let Some(flow) = self.memory.flow(id) else {
            return Ok(false);
        };
        let raw = flow.input.clone();
        let caught = self.compute(id, &raw, Extra::default(), |scope, random| {
            state::catch(state, failure, scope, random)
        })?;
        let Some(caught) = caught else {
            return Ok(false);
        };
        if self.tells_of_caught(state) {
            self.record_state_failed(id, state, failure);
        }
        self.drop_children(id);
        self.leave(id, caught.finished, Some(caught.next))?;
        Ok(true)
    }

    /// AWS writes `ParallelStateFailed` before a caught failure in JSONPath only: recorded.
    fn tells_of_caught(&self, state: &State) -> bool {
        !(matches!(state.kind, Kind::Parallel(_)) && state.language == QueryLanguage::JsonAta)
    }

    fn record_state_failed(&mut self, id: FlowId, state: &State, failure: &Failure) {
        match state.kind {
            Kind::Map(_) => self.record(id, Detail::MapStateFailed(failure.clone())),
            Kind::Parallel(_) => self.record(id, Detail::ParallelStateFailed(failure.clone())),
            _ => return,
        };
    }

    /// Stops the branches or iterations of a flow, and lets them be.
    pub(super) fn stop_children(&mut self, id: FlowId) {
        for child in self.children(id) {
            self.stop(child);
        }
    }

    /// The flows that a Parallel or Map state waits for.
    pub(super) fn children(&self, id: FlowId) -> Vec<FlowId> {
        match self.memory.flow(id).map(|flow| &flow.phase) {
            Some(Phase::Parallel(branches)) => {
                let open = branches.flows.iter().zip(&branches.outputs);
                open.filter(|(_, output)| output.is_none())
                    .map(|(flow, _)| *flow)
                    .collect()
            }
            Some(Phase::Map(items)) => items.running.iter().map(|(_, flow)| *flow).collect(),
            _ => Vec::new(),
        }
    }

    /// Stops a flow where it is, and writes that.
    pub(super) fn stop(&mut self, id: FlowId) {
        self.stop_children(id);
        let Some(state) = self.state_of(id) else {
            return;
        };
        let Some(flow) = self.memory.flow_mut(id) else {
            return;
        };
        let entered = !matches!(flow.phase, Phase::Entering);
        let inside = matches!(flow.phase, Phase::Parallel(_) | Phase::Map(_));
        if !inside {
            let phase = std::mem::replace(&mut flow.phase, Phase::Stopped);
            self.release(phase);
        }
        let kind = state.kind.state_type();
        let stoppable = matches!(
            kind,
            StateType::Task | StateType::Wait | StateType::Parallel | StateType::Map
        );
        if entered && stoppable {
            self.record(id, Detail::StateAborted { kind });
        }
    }

    /// Lets go of what a flow waited for.
    pub(super) fn release(&mut self, phase: Phase) {
        match phase {
            Phase::Waiting(timer) => self.memory.timers.cancel(Some(timer)),
            Phase::Task(pending) => {
                self.memory.timers.cancel(pending.timeout);
                self.memory.timers.cancel(pending.heartbeat);
                if self.memory.tasks.remove(&pending.task).is_some() {
                    self.memory.effects.push(Effect::Cancel(pending.task));
                }
            }
            _ => {}
        }
    }

    /// Forgets the branches or iterations of a flow: it starts anew, or goes on.
    pub(super) fn drop_children(&mut self, id: FlowId) {
        for child in self.children(id) {
            self.drop_flow(child);
        }
        if let Some(flow) = self.memory.flow_mut(id) {
            flow.phase = Phase::Stopped;
        }
    }

    fn drop_flow(&mut self, id: FlowId) {
        self.drop_children(id);
        let Some(flow) = self.memory.flows.remove(id.0) else {
            return;
        };
        self.release(flow.phase);
        let own = self
            .memory
            .run(flow.run)
            .is_some_and(|run| run.root == Some(id));
        if own && flow.run != self.memory.main {
            self.memory.runs.remove(flow.run.0);
        }
    }
}
