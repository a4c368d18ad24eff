//! A step that runs another saga.
//!
//! A saga that failed has undone itself, or it is parked, or was stopped on its way: only the first says
//! that nothing is left of it. `<Step>Outcome` looks at the failure for that. What is left waits for an
//! operator: the parked form runs the saga again once a redrive asks for it, whose fences answer for what
//! the first execution did, and goes on or back when that has come to its end.

use super::{Builder, Exit, Instance, Parked, Role, Trigger, naming};
use crate::checked::variables::Fact;
use crate::checked::{Kind, Step, Target};

/// Whether what the step runs may undo itself, and the saga then goes back.
pub(crate) fn may_be_undone(step: &Step<'_>) -> bool {
    matches!(step.call.target, Target::Saga { .. })
        && matches!(step.kind, Kind::Compensatable(_) | Kind::Pivot)
}

impl<'s> Builder<'s, '_> {
    /// Adds the question what became of the saga.
    pub(super) fn nested_outcome(
        &mut self,
        step: &'s Step<'s>,
        instance: &Instance,
        backward: &str,
    ) {
        let name = naming::outcome(step.name, instance);
        let failure = self.of_failure(Fact::Failure);
        let exits = vec![
            Exit::new(Trigger::Undone(Some(failure)), backward),
            Exit::otherwise(Parked::Do(step).message_state(instance)),
        ];
        self.add(name, Role::NestedEnded, step.place, exits);
    }

    /// Adds the parked form of a step that runs another saga; `done` leads to its last question.
    pub(super) fn park_nested(
        &mut self,
        step: &'s Step<'s>,
        instance: &Instance,
        done: Exit<'s>,
        backward: &str,
        next: &str,
    ) {
        let settled = done.to.clone();
        self.park(Parked::Do(step), instance, vec![done]);
        let exits = vec![
            Exit::new(Trigger::Undone(None), backward),
            Exit::otherwise(next),
        ];
        self.add(settled, Role::NestedSettled, step.place, exits);
    }
}
