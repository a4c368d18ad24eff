//! What calls do to items whose isolation is stated, and another saga that is about the same items.

use std::sync::Arc;

use saga_fence::Phase;
use saga_manifest::resource::Isolation;

use super::{Call, Choice, World};
use crate::check;
use crate::fault::{Effect, Fault};
use crate::guarantee::{Guarantee, Violation};
use crate::ledger::Told;
use crate::model::{Kind, Role};
use crate::rows::{Request, Wrote};
use crate::scene::Scene;

/// A write of an item.
pub(super) struct Sent<'c> {
    pub(super) request: &'c Arc<Request>,
    pub(super) phase: Phase,
    /// The entry of its step instance.
    pub(super) index: usize,
}

impl World {
    /// A write of an item, hit by a fault or not; the error that the state machine sees.
    ///
    /// # Errors
    /// What it should have been refused for.
    pub(super) fn sent_to_item(
        &mut self,
        call: &Call,
        fault: Option<&Fault>,
        sent: &Sent<'_>,
        scene: &Scene<'_>,
    ) -> Result<Option<String>, Violation> {
        let state = scene.tasks.get(call.task).map_or("", |task| task.state);
        let times = match fault.map_or(Effect::Once, |fault| fault.effect) {
            Effect::Once => 1,
            Effect::Twice => 2,
            Effect::None | Effect::AtWork => 0,
            Effect::Late => {
                let request = Some(Arc::clone(sent.request));
                self.ledger.postpone(sent.index, call.order, request);
                0
            }
        };
        let mut refused = None;
        for _ in 0..times {
            refused = self.write(sent, state)?;
        }
        let error = fault.and_then(|fault| fault.error.clone());
        let says_nothing = fault.is_some_and(|fault| !fault.known);
        let Some(entry) = self.ledger.entry_mut(sent.index) else {
            return Ok(error);
        };
        // No attempt has written, where what one has written lets the next one in.
        let not_written = entry.effects == 0
            && refused
                .as_ref()
                .is_some_and(|error| call.knows_itself(error, scene));
        match (error, refused, sent.phase) {
            (None, Some(refused), phase) => {
                match phase {
                    _ if not_written => entry.not_written(),
                    Phase::Undo => entry.resisted = true,
                    _ => entry.answered(Told::NotDone),
                }
                Ok(Some(refused))
            }
            (None, None, Phase::Undo) => {
                entry.settled = true;
                Ok(None)
            }
            (None, None, _) => {
                entry.answered(Told::Done);
                Ok(None)
            }
            (error, _, phase) => {
                match phase {
                    _ if fault.is_some_and(|fault| fault.only_if_not_done) => entry.not_written(),
                    Phase::Undo => entry.resisted = true,
                    _ if says_nothing => entry.answered(Told::Unknown),
                    _ => entry.answered(Told::NotDone),
                }
                Ok(error)
            }
        }
    }

    /// Lets a write come to its item; the error where it is refused.
    fn write(&mut self, sent: &Sent<'_>, state: &str) -> Result<Option<String>, Violation> {
        match Arc::make_mut(&mut self.rows).write(sent.request) {
            Wrote::Refused(error) => Ok(Some(error)),
            Wrote::Done(overlooked) => {
                if let Some(entry) = self.ledger.entry_mut(sent.index) {
                    entry.written(sent.phase);
                }
                check::wrote(state, overlooked)?;
                Ok(None)
            }
        }
    }

    /// A do that was on its way arrives, after the delivery of this place.
    ///
    /// # Errors
    /// What it should have been refused for.
    pub(super) fn arrive_late(&mut self, index: usize, after: u64) -> Result<(), Violation> {
        let Some(request) = self.ledger.late_request(index).cloned() else {
            self.ledger.arrive_late(index, after);
            return Ok(());
        };
        self.ledger.arrived_late(index);
        let sent = Sent {
            request: &request,
            phase: Phase::Do,
            index,
        };
        self.write(&sent, "").map(drop)
    }

    /// The items to which another saga may come: it matters before a call of the same item only, and before the
    /// pivot where nobody looks at the item again.
    pub(super) fn interferences(&self, open: &[usize], scene: &Scene<'_>) -> Vec<Choice> {
        let mut rows = Vec::new();
        for call in open.iter().filter_map(|index| self.open.get(*index)) {
            rows.extend(call.request.as_ref().map(|request| request.row));
            let role = scene.tasks.get(call.task).map(|task| task.model.role);
            if let Some(Role::Do(step)) = role
                && scene.kind(step) == Kind::Pivot
            {
                rows.extend(self.rows.unrepeated());
            }
        }
        rows.retain(|row| self.rows.interference(*row).is_some());
        rows.into_iter().map(Choice::Interfere).collect()
    }

    /// Another saga comes to an item.
    ///
    /// # Errors
    /// The lock that two hold then, or what this one relies on and is not so any more.
    pub(super) fn interfere(&mut self, row: usize, scene: &Scene<'_>) -> Result<(), Violation> {
        self.clean = false;
        if Arc::make_mut(&mut self.rows).interfere(row) {
            let table = self.rows.table(row);
            let what = format!(
                "another saga takes the lock of the item of `{table}`, which this one holds"
            );
            return Err(Violation::new(Guarantee::Isolation, "", what));
        }
        let pivot = self.open.iter().find_map(|call| {
            let task = scene.tasks.get(call.task)?;
            let pivot =
                matches!(task.model.role, Role::Do(step) if scene.kind(step) == Kind::Pivot);
            (pivot && self.rows.unrepeated().any(|it| it == row)).then_some(task.state)
        });
        pivot.map_or(Ok(()), |state| check::relied_on(self, state))
    }
}

impl Call {
    /// Whether the condition that it is refused by holds for what it has written itself: that of an item of which
    /// sagas hold locks, and one that the step's own errors say so of.
    fn knows_itself(&self, error: &str, scene: &Scene<'_>) -> bool {
        let Some(task) = scene.tasks.get(self.task) else {
            return false;
        };
        let item = task.model.item.as_ref();
        let is_of_lock = item.is_some_and(|item| matches!(item.isolation, Isolation::Lock(_)));
        let mut errors = task.model.errors.iter();
        is_of_lock || errors.any(|declared| declared.only_if_not_done && declared.name == error)
    }
}
