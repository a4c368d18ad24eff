//! Parking: the message to an operator, the author's notifications, and the call itself once more,
//! which fails the execution there, so that a redrive starts with it.

use saga_manifest::saga::Ending;

use super::{Builder, Exit, Parked, Role, naming};
use crate::checked::{Call, Step};

impl<'s> Parked<'s> {
    /// The call that is parked.
    pub(crate) fn call(&self) -> &'s Call<'s> {
        match self {
            Self::Undo(_, undo) => undo,
            Self::Do(step) => &step.call,
        }
    }

    /// The step whose do or undo is parked.
    pub(crate) fn step(&self) -> &'s Step<'s> {
        match self {
            Self::Undo(step, _) | Self::Do(step) => step,
        }
    }
}

impl<'s> Builder<'s> {
    /// Adds the states of a parked call; `exits` are the parked state's own.
    pub(super) fn park(&mut self, parked: Parked<'s>, exits: Vec<Exit<'s>>) {
        let step = parked.step();
        let notifications: Vec<_> = self.notifications_on(Ending::Parked).collect();
        let names = notifications
            .iter()
            .map(|n| naming::notify_parked(n.name, step.name));
        let names: Vec<_> = names.chain([parked.state()]).collect();
        let roles = notifications.into_iter().map(Role::NotifyParked);
        let chain = std::iter::once((naming::park(step.name), Role::Park(parked)));
        let chain = chain.chain(names.iter().cloned().zip(roles));
        for ((name, role), next) in chain.zip(&names) {
            let mut onward = vec![Exit::success(next)];
            onward.extend(Exit::any_error(next));
            self.add(name, role, step.place, onward);
        }
        self.add(parked.state(), Role::Parked(parked), step.place, exits);
    }
}
