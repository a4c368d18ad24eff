//! An execution that is stopped, and what its recovery does then: the protocol, on the fences as they are. (The
//! state machine that does it is not explored.)

use saga_fence::Phase;

use super::{Choice, World};
use crate::check;
use crate::fences::{Arrival, When, Work};
use crate::guarantee::Violation;
use crate::ledger::{Guard, Ledger};
use crate::model::{Kind, Role};
use crate::names::Names;
use crate::scene::Scene;

/// What has become of the deliveries that are open when an execution is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// They never arrive.
    Never,
    /// They have acted and answered.
    Done,
    /// Their handlers are at work, until after the fences are sealed.
    AtWork,
    /// They arrive after the fences were read.
    AfterTheRead,
}

impl Moment {
    const ALL: [Self; 4] = [Self::Never, Self::Done, Self::AtWork, Self::AfterTheRead];

    /// What happens, in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Never => "the execution is stopped, and what it has called never arrives",
            Self::Done => "the execution is stopped after what it has called was done",
            Self::AtWork => "the execution is stopped while what it has called is at work",
            Self::AfterTheRead => {
                "the execution is stopped, and what it has called arrives once its recovery has read the fences"
            }
        }
    }
}

impl World {
    /// The moments at which it matters that the execution is stopped: while a fenced handler is called. Between
    /// two calls it comes to the same as before the second arrives.
    pub(super) fn stops(&self) -> Vec<Choice> {
        let fenced = self.open.iter().any(|call| call.guard == Guard::Fence);
        let moments = if fenced { &Moment::ALL[..] } else { &[] };
        moments.iter().map(|moment| Choice::Stop(*moment)).collect()
    }

    /// The execution is stopped, and its recovery seals the fences, waits out who is at work, reads them, and
    /// undoes what was done, the last first. Past the pivot, or unsure of it, it waits for an operator instead.
    ///
    /// # Errors
    /// What stands then.
    pub(crate) fn recovered(
        &self,
        moment: Moment,
        scene: &Scene<'_>,
        names: &Names,
    ) -> Result<(), Violation> {
        let mut ledger = self.ledger.clone();
        let open = self.open_deliveries(scene, &mut ledger);
        for (index, arrival) in &open {
            let leased = ledger.is_leased(*index);
            match moment {
                Moment::AtWork if leased => {
                    ledger.begin(*index, *arrival);
                }
                Moment::Done | Moment::AtWork => {
                    ledger.deliver(*index, *arrival, &Work::done());
                }
                Moment::Never | Moment::AfterTheRead => {}
            }
        }
        let kind = |index: usize| {
            let entry = ledger.entries.get(index);
            entry.map_or(Kind::ReadOnly, |entry| scene.kind(entry.step))
        };
        let all = 0..ledger.entries.len();
        let past_the_pivot = all.clone().any(|index| {
            matches!(kind(index), Kind::Pivot | Kind::Retriable) && ledger.seems_to_stand(index)
        });
        if past_the_pivot {
            return Ok(());
        }
        let undoable: Vec<usize> = all
            .filter(|index| kind(*index) == Kind::Compensatable)
            .collect();
        undoable.iter().for_each(|index| ledger.seal(*index));
        ledger.finish_work();
        let to_undo: Vec<usize> = undoable
            .into_iter()
            .rev()
            .filter(|index| ledger.seems_to_stand(*index))
            .collect();
        if moment == Moment::AfterTheRead {
            for (index, arrival) in open {
                let arrival = Arrival {
                    when: When::Late(ledger.next_delivery(index)),
                    ..arrival
                };
                ledger.deliver(index, arrival, &Work::done());
            }
            let late = (0..ledger.entries.len()).filter(|index| ledger.is_late(*index));
            for index in late.collect::<Vec<_>>() {
                let after = ledger.next_delivery(index);
                ledger.arrive_late(index, after);
            }
        }
        for index in to_undo {
            let order = ledger.next_delivery(index);
            let arrival = Arrival {
                phase: Phase::Undo,
                order,
                when: When::InTime,
            };
            ledger.deliver(index, arrival, &Work::done());
        }
        check::recovered(scene, names, &ledger)
    }

    /// The deliveries that are not answered, each with the entry of its step instance.
    fn open_deliveries(&self, scene: &Scene<'_>, ledger: &mut Ledger) -> Vec<(usize, Arrival)> {
        let mut found = Vec::new();
        for call in &self.open {
            let role = scene.tasks.get(call.task).map(|task| task.model.role);
            let phase = match role {
                Some(Role::Do(_)) => Phase::Do,
                Some(Role::Undo(_)) => Phase::Undo,
                Some(Role::Message) | None => continue,
            };
            let Some(index) = call.entry else {
                continue;
            };
            let Some(entry) = ledger.entry_mut(index) else {
                continue;
            };
            entry.guard = call.guard;
            let arrival = Arrival {
                phase,
                order: call.order,
                when: When::InTime,
            };
            found.push((index, arrival));
        }
        found
    }
}
