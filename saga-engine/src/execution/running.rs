//! Entering, running and leaving states.

use std::sync::Arc;

use saga_asl::data::Data;

use super::flow::{FlowId, Phase};
use super::memory::ExecutionType;
use super::step::{Extra, Step};
use super::timer::Alarm;
use crate::fault::{Failure, Fault};
use crate::history::Detail;
use crate::limits::PAYLOAD_BYTES;
use crate::program::{Choice, Kind, Selector, Source, State, StateId, Until};
use crate::state::{self, Finished};

impl<'a> Step<'a> {
    /// Enters the state that a flow has come to.
    pub(super) fn enter(&mut self, id: FlowId) {
        let now = self.memory.now;
        let Some(state) = self.state_of(id) else {
            return;
        };
        let Some(flow) = self.memory.flow_mut(id) else {
            return;
        };
        if !matches!(flow.phase, Phase::Entering) {
            return;
        }
        flow.retries.clear();
        flow.entered.0 = now;
        let entered = self.record_passing(id, |flow| Detail::StateEntered {
            kind: state.kind.state_type(),
            name: Arc::clone(&state.name),
            input: flow.input.clone(),
        });
        if let Some(flow) = self.memory.flow_mut(id) {
            flow.entered.1 = entered;
        }
        self.memory.transitions += 1;
        match self.within_budget() {
            true => self.attempt(id),
            false => self.time_out(Failure::named("States.Timeout")),
        }
    }

    fn within_budget(&self) -> bool {
        let settings = &self.memory.settings;
        settings.execution_type == ExecutionType::Standard
            || self.memory.transitions <= settings.express_transitions
    }

    /// Runs the state, for the first time or again.
    pub(super) fn attempt(&mut self, id: FlowId) {
        let (Some(state), Some(flow)) = (self.state_of(id), self.memory.flow(id)) else {
            return;
        };
        let raw = flow.input.clone();
        if let Err(fault) = self.run_state(id, state, raw) {
            self.fault(id, fault);
        }
    }

    fn run_state(&mut self, id: FlowId, state: &'a State, raw: Data) -> Result<(), Fault> {
        let effective = match state.processing.input {
            Selector::All => raw,
            _ => self.compute(id, &raw, Extra::default(), |scope, _| {
                state::effective_input(state, scope)
            })?,
        };
        match &state.kind {
            Kind::Pass(result) => self.run_pass(id, state, result.as_ref(), &effective),
            Kind::Succeed => self.complete(id, effective),
            Kind::Choice(choice) => self.run_choice(id, state, choice, &effective),
            Kind::Wait(until) => self.run_wait(id, until, &effective),
            Kind::Fail(error, cause) => {
                self.run_fail(id, error.as_ref(), cause.as_ref(), &effective)
            }
            Kind::Task(task) => self.run_task(id, state, task, &effective),
            Kind::Parallel(branches) => self.run_parallel(id, state, branches, &effective),
            Kind::Map(map) => self.run_map(id, state, map, &effective),
        }
    }

    fn run_pass(
        &mut self,
        id: FlowId,
        state: &State,
        result: Option<&Data>,
        effective: &Data,
    ) -> Result<(), Fault> {
        let result = self.compute(id, effective, Extra::default(), |scope, random| {
            state::pass(state, result, scope, random)
        })?;
        self.complete(id, result)
    }

    fn run_choice(
        &mut self,
        id: FlowId,
        state: &State,
        choice: &Choice,
        effective: &Data,
    ) -> Result<(), Fault> {
        let chosen = self.compute(id, effective, Extra::default(), |scope, random| {
            state::choose(state, choice, scope, random)
        })?;
        self.leave(id, chosen.finished, Some(chosen.next))
    }

    fn run_wait(&mut self, id: FlowId, until: &Until, effective: &Data) -> Result<(), Fault> {
        let instant = self.compute(id, effective, Extra::default(), |scope, random| {
            state::wait_until(until, scope, random)
        })?;
        let timer = self.memory.timers.add(instant, id, Alarm::Wait);
        if let Some(flow) = self.memory.flow_mut(id) {
            flow.phase = Phase::Waiting(timer);
        }
        Ok(())
    }

    pub(super) fn wait_over(&mut self, id: FlowId) {
        let (Some(state), Some(flow)) = (self.state_of(id), self.memory.flow(id)) else {
            return;
        };
        let raw = flow.input.clone();
        let effective = self.compute(id, &raw, Extra::default(), |scope, _| {
            state::effective_input(state, scope)
        });
        if let Err(fault) = effective.and_then(|effective| self.complete(id, effective)) {
            self.fault(id, fault);
        }
    }

    fn run_fail(
        &mut self,
        id: FlowId,
        error: Option<&Source>,
        cause: Option<&Source>,
        effective: &Data,
    ) -> Result<(), Fault> {
        let failure = self.compute(id, effective, Extra::default(), |scope, random| {
            state::fail(error, cause, scope, random)
        })?;
        self.failed(id, failure);
        Ok(())
    }

    /// The state has a result: makes its output and goes on.
    pub(super) fn complete(&mut self, id: FlowId, result: Data) -> Result<(), Fault> {
        let (Some(state), Some(flow)) = (self.state_of(id), self.memory.flow(id)) else {
            return Ok(());
        };
        // What branches and items hand on together counts, however little the state makes of it.
        let joins = matches!(state.kind, Kind::Parallel(_) | Kind::Map(_));
        if joins && result.size() > PAYLOAD_BYTES {
            return Err(limit_exceeded(&state.name));
        }
        let raw = flow.input.clone();
        let finished = self.compute(id, &raw, Extra::default(), |scope, random| {
            state::finish(state, result, scope, random)
        })?;
        self.leave(id, finished, state.next)
    }

    /// Leaves the state: its last event, its variables, and where it goes.
    pub(super) fn leave(
        &mut self,
        id: FlowId,
        finished: Finished,
        next: Option<StateId>,
    ) -> Result<(), Fault> {
        let Some(state) = self.state_of(id) else {
            return Ok(());
        };
        self.check_size(id, state, &finished)?;
        let Finished { output, assigned } = finished;
        self.record_passing(id, |_| Detail::StateExited {
            kind: state.kind.state_type(),
            name: Arc::clone(&state.name),
            output: output.clone(),
            assigned: assigned.clone(),
        });
        let Some(flow) = self.memory.flow_mut(id) else {
            return Ok(());
        };
        if let Some(assigned) = assigned {
            flow.variables = merged(&flow.variables, &assigned);
        }
        match next {
            Some(next) => {
                flow.state = next;
                flow.input = output;
                flow.phase = Phase::Entering;
                self.memory.ready.push_back(id);
            }
            None => self.end_flow(id, Ok(output)),
        }
        Ok(())
    }

    /// A payload that was within the quota as the state's input still is.
    fn check_size(&self, id: FlowId, state: &State, finished: &Finished) -> Result<(), Fault> {
        let unchanged = self
            .memory
            .flow(id)
            .is_some_and(|flow| flow.input.same(&finished.output));
        if unchanged || finished.output.size() <= PAYLOAD_BYTES {
            return Ok(());
        }
        Err(limit_exceeded(&state.name))
    }
}

fn limit_exceeded(name: &str) -> Fault {
    Fault::Named {
        error: "States.DataLimitExceeded",
        message: too_large(name),
    }
}

/// AWS's words for a result that is too large.
pub(super) fn too_large(name: &str) -> String {
    format!(
        "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
    )
}

/// `variables` with those of `assigned` set.
fn merged(variables: &Data, assigned: &Data) -> Data {
    match (variables, assigned) {
        (Data::Object(old), Data::Object(new)) => {
            let mut all = Arc::clone(old);
            let members = Arc::make_mut(&mut all);
            for (name, value) in new.iter() {
                members.insert(Arc::clone(name), value.clone());
            }
            Data::Object(all)
        }
        _ => assigned.clone(),
    }
}
