//! Writing the history.

use super::flow::{Flow, FlowId, RunId};
use super::step::Step;
use crate::fault::{Failure, Origin};
use crate::history::{Detail, HistoryEvent};
use crate::limits::HISTORY_EVENTS;

impl Step<'_> {
    /// Writes an event of a flow.
    pub(super) fn record(&mut self, id: FlowId, detail: Detail) -> u64 {
        let Some(flow) = self.memory.flow(id) else {
            return 0;
        };
        let (run, previous) = (flow.run, flow.last);
        let event = self.record_in(run, previous, detail);
        if let Some(flow) = self.memory.flow_mut(id) {
            flow.last = event;
        }
        event
    }

    /// Writes an event of a flow that does not end its execution. The detail is made only where
    /// it can matter: it need not be kept, and only a Standard execution's events are bounded.
    pub(super) fn record_passing(
        &mut self,
        id: FlowId,
        detail: impl FnOnce(&Flow) -> Detail,
    ) -> u64 {
        let memory = &mut *self.memory;
        let Some(flow) = memory.flows.get_mut(id.0) else {
            return 0;
        };
        match memory.runs.get_mut(flow.run.0) {
            Some(run) if !memory.settings.keep_history && !run.standard => {
                if !run.closed {
                    run.events += 1;
                    flow.last = run.events;
                }
                flow.last
            }
            _ => {
                let detail = detail(flow);
                self.record(id, detail)
            }
        }
    }

    /// Writes an event that follows from the event `previous`. A Standard execution's
    /// 25,000th is always its end.
    pub(super) fn record_in(&mut self, id: RunId, previous: u64, detail: Detail) -> u64 {
        let (at, keep) = (self.memory.now, self.memory.settings.keep_history);
        let Some(run) = self.memory.run_mut(id).filter(|run| !run.closed) else {
            return previous;
        };
        run.events += 1;
        let full = run.standard && run.events >= HISTORY_EVENTS && !ends(&detail);
        let detail = match full {
            true => Detail::ExecutionFailed(too_many_events()),
            false => detail,
        };
        run.closed = ends(&detail);
        let event = run.events;
        if keep {
            run.history.push(HistoryEvent {
                id: event,
                previous,
                at,
                detail,
            });
        }
        if full {
            self.memory.overflowed.push(id);
        }
        event
    }
}

fn ends(detail: &Detail) -> bool {
    matches!(
        detail,
        Detail::ExecutionSucceeded { .. }
            | Detail::ExecutionFailed(_)
            | Detail::ExecutionTimedOut(_)
            | Detail::ExecutionAborted(_)
    )
}

/// The failure of an execution whose history is full.
pub(super) fn too_many_events() -> Failure {
    Failure {
        origin: Origin::Runtime,
        ..Failure::new(
            "States.Runtime",
            format!(
                "The execution reached the maximum number of history events ({HISTORY_EVENTS})."
            ),
        )
    }
}
