//! Parking: the message to an operator, the author's notifications, and the call itself once more,
//! which fails the execution there, so that a redrive starts with it.

use saga_manifest::expr::Expr;
use saga_manifest::saga::{Ending, Saga};

use super::nested::may_be_undone;
use super::{Builder, Exit, Instance, Parked, Role, naming};
use crate::checked::{Call, Kind, Step, Target};
use crate::fence;

impl<'s> Parked<'s> {
    /// The call that is parked.
    pub(crate) fn call(&self) -> &'s Call<'s> {
        match self {
            Self::Undo(_, undo) => undo,
            Self::Do(step) | Self::Held(step) => &step.call,
        }
    }

    /// The state that sends the parking message. A step that runs another saga may be parked both as
    /// it is done and as it is undone.
    pub(super) fn message_state(&self, instance: &Instance) -> String {
        match self.is_one_of_two() {
            true => naming::hold(self.step().name, instance),
            false => naming::park(self.step().name, instance),
        }
    }

    /// What follows a notification's name in that of its state.
    fn told_as(&self) -> String {
        match self.is_one_of_two() {
            true => naming::held(self.step().name),
            false => self.step().name.to_owned(),
        }
    }

    fn is_one_of_two(&self) -> bool {
        match self {
            Self::Undo(..) => false,
            Self::Do(step) => matches!(step.kind, Kind::Compensatable(_)),
            Self::Held(_) => true,
        }
    }

    /// Whether what is called may have undone itself.
    pub(crate) fn may_be_undone(&self) -> bool {
        match self {
            Self::Undo(..) => false,
            Self::Do(step) => may_be_undone(step),
            Self::Held(_) => true,
        }
    }

    /// The saga that is run, and its input.
    pub(crate) fn runs_saga(&self) -> Option<(&'s Saga, &'s Expr)> {
        match self.call().target {
            Target::Saga { saga, input } => Some((saga, input)),
            _ => None,
        }
    }

    /// The step whose do or undo is parked.
    pub(crate) fn step(&self) -> &'s Step<'s> {
        match self {
            Self::Undo(step, _) | Self::Do(step) | Self::Held(step) => step,
        }
    }
}

impl<'s> Builder<'s, '_> {
    /// Adds the states of a parked call; `exits` are the parked state's own.
    pub(super) fn park(&mut self, parked: Parked<'s>, instance: &Instance, exits: Vec<Exit<'s>>) {
        let step = parked.step();
        let state = parked.state(instance);
        let notifications: Vec<_> = self.notifications_on(Ending::Parked).collect();
        let names = notifications
            .iter()
            .map(|n| naming::notify_parked(n.name, &parked.told_as(), instance));
        let seals = match parked {
            Parked::Undo(step, undo) => fence::is_sealed_before(&step.call, undo),
            Parked::Do(_) | Parked::Held(_) => false,
        };
        let seal = seals.then(|| naming::seal_parked(step.name, instance));
        let names: Vec<_> = names.chain(seal).chain([state.clone()]).collect();
        let roles = notifications.into_iter().map(Role::NotifyParked);
        let roles = roles.chain(seals.then_some(Role::SealParked(step)));
        let park = parked.message_state(instance);
        let chain = std::iter::once((park, Role::Park(parked)));
        let chain = chain.chain(names.iter().cloned().zip(roles));
        for ((name, role), next) in chain.zip(&names) {
            let mut onward = vec![Exit::success(next)];
            // What was told is told; but nothing is undone that may yet be done.
            if !matches!(role, Role::SealParked(_)) {
                onward.extend(Exit::any_error(next));
            }
            self.add_copy(name, role, step.place, onward, instance);
        }
        self.add_copy(state, Role::Parked(parked), step.place, exits, instance);
    }
}
