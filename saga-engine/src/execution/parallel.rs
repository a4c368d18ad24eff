//! Parallel states.

use saga_asl::data::Data;

use super::flow::{Branches, Flow, FlowId, Phase};
use super::step::{Extra, Step};
use crate::fault::{Failure, Fault};
use crate::history::Detail;
use crate::program::{GraphId, State};
use crate::state;

impl Step<'_> {
    pub(super) fn run_parallel(
        &mut self,
        id: FlowId,
        state: &State,
        branches: &[GraphId],
        effective: &Data,
    ) -> Result<(), Fault> {
        let input = self.compute(id, effective, Extra::default(), |scope, random| {
            state::arguments(state, scope, random)
        })?;
        let started = self.record(id, Detail::ParallelStateStarted);
        let Some(parent) = self.memory.flow(id) else {
            return Ok(());
        };
        let flows = branches.iter().enumerate().map(|(index, graph)| {
            let start = self.program.graph(*graph).start;
            parent.child((id, index), start, input.clone())
        });
        let flows: Vec<Flow> = flows
            .map(|flow| Flow {
                last: started,
                ..flow
            })
            .collect();
        let flows: Vec<FlowId> = flows.into_iter().map(|flow| self.add_flow(flow)).collect();
        let outputs = vec![None; flows.len()];
        if let Some(flow) = self.memory.flow_mut(id) {
            flow.phase = Phase::Parallel(Box::new(Branches { flows, outputs }));
        }
        self.join(id)
    }

    pub(super) fn branch_ended(
        &mut self,
        parent: FlowId,
        child: FlowId,
        index: usize,
        result: Result<Data, Failure>,
    ) {
        let last = self.memory.flow(child).map_or(0, |flow| flow.last);
        match result {
            Ok(output) => {
                self.memory.flows.remove(child.0);
                self.set_output(parent, index, output, last);
                if let Err(fault) = self.join(parent) {
                    self.fault(parent, fault);
                }
            }
            Err(failure) => {
                self.stop_children(parent);
                if let Some(flow) = self.memory.flow_mut(parent) {
                    flow.last = last;
                }
                self.failed(parent, failure);
            }
        }
    }

    fn set_output(&mut self, parent: FlowId, index: usize, output: Data, last: u64) {
        let Some(flow) = self.memory.flow_mut(parent) else {
            return;
        };
        flow.last = last;
        if let Phase::Parallel(branches) = &mut flow.phase
            && let Some(slot) = branches.outputs.get_mut(index)
        {
            *slot = Some(output);
        }
    }

    /// Goes on once every branch has its output.
    fn join(&mut self, id: FlowId) -> Result<(), Fault> {
        let Some(Phase::Parallel(branches)) = self.memory.flow(id).map(|flow| &flow.phase) else {
            return Ok(());
        };
        let outputs: Option<Vec<Data>> = branches.outputs.iter().cloned().collect();
        match outputs {
            Some(outputs) => self.complete(id, Data::array(outputs)),
            None => Ok(()),
        }
    }
}
