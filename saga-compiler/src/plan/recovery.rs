//! Where a failure goes on.

use super::{Builder, Exit, Role, Settled, naming};
use crate::checked::variables::Fact;
use saga_manifest::place::Place;

/// Where undo happens of what fails at some point of a block.
#[derive(Clone, Debug)]
pub(super) enum Recovery<'s> {
    /// In this machine: in the chain with this ending of its states' names. `end` is where undo leads
    /// when everything is undone.
    Here { chain: String, end: String },
    /// In a machine around this one, when the branch or item has settled.
    Outside { holder: Holder<'s> },
}

/// The branch or the item that a machine is.
#[derive(Clone, Debug)]
pub(super) struct Holder<'s> {
    /// The beginning of the names of its last states.
    pub(super) name: String,
    pub(super) place: &'s Place,
}

impl<'s> Builder<'s, '_> {
    /// The state that a failure leads to. `point` is the undo state that undo begins with, as it is
    /// called in the last chain; none where nothing was done.
    pub(super) fn backward(&mut self, recovery: &Recovery<'s>, point: Option<&str>) -> String {
        match (recovery, point) {
            (Recovery::Here { chain, .. }, Some(point)) => naming::in_chain(point, chain),
            (Recovery::Here { end, .. }, None) => end.clone(),
            (Recovery::Outside { holder }, point) => self.settle(holder, point),
        }
    }

    /// The state where a branch or an item that failed settles.
    pub(super) fn settle(&mut self, holder: &Holder<'s>, point: Option<&str>) -> String {
        let name = naming::settle(&holder.name, point);
        if !self.last.iter().any(|(known, _)| *known == name) {
            let settled = Settled {
                undo_from: point.map(str::to_owned),
                value: None,
                failure: Some(self.of_failure(Fact::Failure)),
            };
            self.add_last(name.clone(), Role::Settled(settled), holder.place);
        }
        name
    }

    /// Adds a state without a way out behind all others.
    pub(super) fn add_last(&mut self, name: String, role: Role<'s>, place: &'s Place) {
        let none: Vec<Exit<'s>> = Vec::new();
        self.add(name, role, place, none);
        self.last.extend(self.nodes.pop());
    }
}
