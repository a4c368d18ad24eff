//! What a delivery really does, what the saga is told of it, and what the state machine sees.

use saga_fence::{Outcome, Phase};

use super::interference::Sent;
use super::{Call, Delivered, World};
use crate::fault::{Effect as Done, Fault, FaultKind, Left};
use crate::fences::{Answered, Arrival, Ended, When, Work};
use crate::guarantee::Violation;
use crate::ledger::{Guard, Told};
use crate::model::Role;
use crate::scene::Scene;

impl World {
    /// Writes down what a delivery did and what the saga is told of it; the error that the state machine sees.
    pub(super) fn account(
        &mut self,
        call: &Call,
        fault: Option<&Fault>,
        scene: &Scene<'_>,
    ) -> Result<Option<String>, Violation> {
        let role = scene.tasks.get(call.task).map(|task| task.model.role);
        let (phase, index) = match (role, call.entry) {
            (Some(Role::Do(_)), Some(index)) => (Phase::Do, index),
            (Some(Role::Undo(_)), Some(index)) => (Phase::Undo, index),
            _ => {
                if let (Some(index), None) = (call.seals, fault) {
                    self.ledger.seal(index);
                }
                return Ok(fault.and_then(|fault| fault.error.clone()));
            }
        };
        if let Some(entry) = self.ledger.entry_mut(index) {
            entry.beside = phase == Phase::Undo
                && call.guard != Guard::Fence
                && (entry.beside || entry.guard == Guard::Fence);
            if !entry.beside {
                entry.guard = call.guard;
            }
        }
        let reaches = fault.is_none_or(|fault| fault.leaves() != Left::Nothing);
        self.delivered = reaches.then_some(Delivered {
            entry: index,
            phase,
            order: call.order,
        });
        if let (Guard::Row, Some(request)) = (call.guard, &call.request) {
            let sent = Sent {
                request,
                phase,
                index,
            };
            return self.sent_to_item(call, fault, &sent, scene);
        }
        let (error, told) = self.told(call, fault, phase, index);
        let nothing = fault.is_some_and(|fault| fault.only_if_not_done);
        let of_all = call.guard == Guard::Fence && fault.is_none_or(Fault::is_the_handlers);
        if let Some(entry) = self.ledger.entry_mut(index) {
            match (phase, told) {
                // The condition speaks of all attempts: it holds for the saga's own item. A fence knows them.
                _ if nothing => entry.never(),
                (Phase::Undo, Told::Done) => entry.settled = true,
                (Phase::Undo, _) => entry.resisted = true,
                (_, Told::NotDone) if of_all => entry.refused(),
                (_, told) => entry.answered(told),
            }
        }
        Ok(error)
    }

    /// Delivers a call; the error that the state machine sees, and what that says.
    fn told(
        &mut self,
        call: &Call,
        fault: Option<&Fault>,
        phase: Phase,
        index: usize,
    ) -> (Option<String>, Told) {
        let arrival = Arrival {
            phase,
            order: call.order,
            when: When::InTime,
        };
        let Some(fault) = fault else {
            return said(self.ledger.deliver(index, arrival, &Work::done()));
        };
        let told = if fault.known {
            (Outcome::NotDone, Told::NotDone)
        } else {
            (Outcome::Unknown, Told::Unknown)
        };
        let effect = matches!(fault.effect, Done::Once | Done::Twice);
        let mut work = |ended| {
            let work = Work { effect, ended };
            self.ledger.deliver(index, arrival, &work)
        };
        match fault.leaves() {
            Left::Nothing if fault.effect == Done::Late => {
                self.ledger.postpone(index, call.order, None);
            }
            Left::Nothing => {}
            Left::Answer => {
                work(Ended::Answered);
            }
            Left::Begun => {
                work(Ended::Died);
            }
            Left::Failure => {
                let error = fault.error.clone().unwrap_or_default();
                return said(work(Ended::failed(error, told.0)));
            }
            Left::AtWork => {
                if let Some(answered) = self.ledger.begin(index, arrival) {
                    return said(answered);
                }
            }
        }
        if fault.kind == FaultKind::Duplicate {
            let again = Arrival {
                when: When::Again,
                ..arrival
            };
            return said(self.ledger.deliver(index, again, &Work::done()));
        }
        (fault.error.clone(), told.1)
    }
}

/// What an answer says to the state machine.
fn said(answered: Answered) -> (Option<String>, Told) {
    match answered {
        Answered::Success | Answered::Nothing => (None, Told::Done),
        Answered::Error(error, Outcome::NotDone) => (Some(error), Told::NotDone),
        Answered::Error(error, Outcome::Unknown) => (Some(error), Told::Unknown),
    }
}
