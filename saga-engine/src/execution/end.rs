//! The ends of flows and executions.

use saga_asl::data::Data;

use super::event::{Outcome, Status};
use super::flow::{FlowId, Phase, RunId};
use super::step::Step;
use crate::fault::Failure;
use crate::history::Detail;

impl Step<'_> {
    /// A flow has come to its end, or failed with nothing of its own to catch that.
    pub(super) fn end_flow(&mut self, id: FlowId, result: Result<Data, Failure>) {
        let Some(flow) = self.memory.flow(id) else {
            return;
        };
        let (run, last, parent) = (flow.run, flow.last, flow.parent);
        let Some((parent, index)) = parent else {
            let detail = match &result {
                Ok(output) => Detail::ExecutionSucceeded {
                    output: output.clone(),
                },
                Err(failure) => Detail::ExecutionFailed(failure.clone()),
            };
            self.record_in(run, last, detail);
            return self.end_run(run, result);
        };
        match self.memory.flow(parent).map(|flow| &flow.phase) {
            Some(Phase::Parallel(_)) => self.branch_ended(parent, id, index, result),
            Some(Phase::Map(_)) => self.iteration_ended(parent, id, index, result),
            _ => {}
        }
    }

    /// The interpreter cannot go on: the execution that the flow belongs to fails at once.
    pub(super) fn fail_run_of(&mut self, id: FlowId, failure: Failure) {
        let Some(flow) = self.memory.flow(id) else {
            return;
        };
        let (run, last) = (flow.run, flow.last);
        self.record_in(run, last, Detail::ExecutionFailed(failure.clone()));
        self.end_run(run, Err(failure));
    }

    /// An execution is over; its last event has been written.
    pub(super) fn end_run(&mut self, run: RunId, result: Result<Data, Failure>) {
        let Some((parent, root)) = self.memory.run(run).map(|run| (run.parent, run.root)) else {
            return;
        };
        match (parent, root) {
            (Some((map, index)), Some(root)) => self.child_ended(map, root, run, index, result),
            _ => match result {
                Ok(output) => self.close(Status::Succeeded, Some(output), None),
                Err(failure) => self.close(Status::Failed, None, Some(failure)),
            },
        }
    }

    /// The machine's own timeout.
    pub(super) fn time_out(&mut self, failure: Failure) {
        self.record_in(
            self.memory.main,
            0,
            Detail::ExecutionTimedOut(failure.clone()),
        );
        self.close(Status::TimedOut, None, Some(failure));
    }

    /// Somebody has stopped the execution.
    pub(super) fn abort_execution(&mut self, failure: Failure) {
        self.record_in(
            self.memory.main,
            0,
            Detail::ExecutionAborted(failure.clone()),
        );
        self.close(Status::Aborted, None, Some(failure));
    }

    fn close(&mut self, status: Status, output: Option<Data>, failure: Option<Failure>) {
        if self.memory.outcome.is_some() {
            return;
        }
        self.memory.ready.clear();
        let root = self.memory.run(self.memory.main).and_then(|run| run.root);
        if let Some(root) = root.filter(|_| status != Status::Succeeded) {
            self.stop(root);
        }
        self.memory.timers.clear();
        self.memory.outcome = Some(Outcome {
            status,
            output,
            failure,
        });
    }
}
