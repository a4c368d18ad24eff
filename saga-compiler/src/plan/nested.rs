//! A step that runs another saga.
//!
//! A saga that failed has undone itself, or it is parked, or was stopped on its way: only the first says
//! that nothing is left of it. `<Step>Outcome` looks at the failure for that. What is left waits for an
//! operator: the parked form asks what became of the saga's execution once a redrive comes, and goes on or
//! back when that has come to its end.
//!
//! In a branch or an item nothing can wait: what waits there would end those beside it. It settles, and the
//! parked form stands in the chain of undo, before the step's own undo.

use super::chain::{Chain, Exhausted};
use super::{Builder, Exit, Given, Instance, Parked, Role, Trigger, naming};
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
        let hold = Parked::Do(step).message_state(instance);
        let held = match self.holder.clone() {
            Some(holder) => self.settle(&holder, Some(&naming::hold(step.name, instance))),
            None => hold,
        };
        let exits = vec![
            Exit::new(Trigger::Undone(Some(failure)), backward),
            Exit::otherwise(held),
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

    /// Adds to a chain what looks at the saga of a step that settled without knowing how that ended: then
    /// comes the step's undo, or where nothing is left of it `next`.
    pub(super) fn hold(
        &mut self,
        step: &'s Step<'s>,
        instance: &Instance,
        chain: &Chain<'s>,
        (undo, next): (&str, &str),
    ) {
        let there = instance.in_chain(&chain.ending);
        let name = naming::hold(step.name, &there);
        match &chain.exhausted {
            Exhausted::Park => {
                let settled = naming::settled(step.name, &there);
                let output = self.variable(Fact::Output(step.name));
                let done = Exit::success(&*settled).setting([(output, Given::Output)]);
                self.park(Parked::Held(step), &there, vec![done]);
                let exits = vec![
                    Exit::new(Trigger::Undone(None), next),
                    Exit::otherwise(undo),
                ];
                self.add_copy(settled, Role::NestedSettled, step.place, exits, &there);
            }
            Exhausted::GiveUp { recovery, from } => {
                let point = naming::hold(step.name, instance);
                let outer = self.backward(recovery, Some(from.as_deref().unwrap_or(&point)));
                let exits = vec![Exit::success(outer)];
                self.add_copy(name, Role::Keep, step.place, exits, &there);
            }
            Exhausted::Raise => {
                self.add_copy(name, Role::ItemHeld, step.place, Vec::new(), &there);
            }
        }
    }
}
