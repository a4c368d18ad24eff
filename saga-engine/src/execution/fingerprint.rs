//! What two executions have in common that will behave alike.

use std::hash::{Hash, Hasher};

use super::flow::{Branches, FlowId, Items, Phase};
use super::memory::Memory;
use super::timer::Alarm;

impl Memory {
    /// Hashes what decides how the execution goes on: where its flows are, their data, the retries they
    /// have used. Left out are history, instants, counters of events and transitions, the numbers of
    /// tasks, and the seed: of what follows from chance, executions with one fingerprint may differ.
    pub(super) fn fingerprint(&self, into: &mut impl Hasher) {
        if let Some(outcome) = &self.outcome {
            outcome.status.name().hash(into);
            outcome.output.hash(into);
            let failure = outcome.failure.as_ref();
            failure
                .and_then(|failure| failure.error.as_ref())
                .hash(into);
        }
        let main = self.run(self.main);
        main.map(|run| run.redrives).hash(into);
        if let Some(root) = main.and_then(|run| run.root) {
            self.flow_fingerprint(root, into);
        }
    }

    fn flow_fingerprint(&self, id: FlowId, into: &mut impl Hasher) {
        let Some(flow) = self.flow(id) else {
            return 0_u8.hash(into);
        };
        flow.state.hash(into);
        flow.input.hash(into);
        flow.variables.hash(into);
        // Counts that are not there yet are noughts.
        let used = flow
            .retries
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0);
        used.for_each(|used| used.hash(into));
        if let Some(item) = &flow.item {
            item.path.hash(into);
            item.value.hash(into);
        }
        match &flow.phase {
            Phase::Entering => 1_u8.hash(into),
            Phase::Waiting(timer) => (2_u8, matches!(timer.alarm, Alarm::Retry)).hash(into),
            Phase::Task(pending) => (3_u8, pending.submitted).hash(into),
            Phase::Parallel(branches) => self.branches_fingerprint(branches, into),
            Phase::Map(items) => self.items_fingerprint(items, into),
            Phase::Stopped => 6_u8.hash(into),
        }
    }

    fn branches_fingerprint(&self, branches: &Branches, into: &mut impl Hasher) {
        4_u8.hash(into);
        for (flow, output) in branches.flows.iter().zip(&branches.outputs) {
            match output {
                Some(output) => output.hash(into),
                None => self.flow_fingerprint(*flow, into),
            }
        }
    }

    fn items_fingerprint(&self, items: &Items, into: &mut impl Hasher) {
        (5_u8, items.next, items.failures, items.total).hash(into);
        items.items.hash(into);
        items.outputs.hash(into);
        let mut running = items.running.clone();
        running.sort_by_key(|(index, _)| *index);
        for (index, flow) in running {
            index.hash(into);
            self.flow_fingerprint(flow, into);
        }
    }
}
