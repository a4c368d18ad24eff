//! Running a failed execution again from where it failed.

use super::event::Status;
use super::flow::{FlowId, Phase};
use super::memory::ExecutionType;
use super::step::Step;
use crate::history::Detail;
use crate::limits::HISTORY_EVENTS;

impl Step<'_> {
    pub(super) fn redrive(&mut self) -> bool {
        let standard = self.memory.settings.execution_type == ExecutionType::Standard;
        let ended_badly = self
            .memory
            .outcome
            .as_ref()
            .is_some_and(|outcome| outcome.status != Status::Succeeded);
        let main = self.memory.main;
        let Some(run) = self.memory.run_mut(main) else {
            return false;
        };
        if !standard || !ended_badly || run.events >= HISTORY_EVENTS - 1 {
            return false;
        }
        run.closed = false;
        run.redrives += 1;
        let (count, last, root) = (run.redrives, run.events, run.root);
        self.memory.outcome = None;
        let event = self.record_in(main, last, Detail::ExecutionRedriven { count });
        if let Some(root) = root {
            self.revive(root, event);
        }
        self.run();
        true
    }

    /// Lets a stopped flow go on: the state it is in is attempted anew; of a Parallel or Map
    /// state only what had not ended.
    fn revive(&mut self, id: FlowId, event: u64) {
        let children = self.children(id);
        let Some(flow) = self.memory.flow_mut(id) else {
            return;
        };
        flow.last = event;
        flow.retries.clear();
        match flow.phase {
            Phase::Stopped => self.attempt(id),
            Phase::Entering => self.memory.ready.push_back(id),
            _ => children
                .into_iter()
                .for_each(|child| self.revive(child, event)),
        }
    }
}
