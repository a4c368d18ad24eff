//! What part each state plays in a machine.

use std::collections::BTreeMap;

use saga_asl::outline::{Scope, StateId, StateType, reachable};
use saga_asl::recovery::is_regular;

use super::Reader;
use crate::notes::Purpose;

/// What part a state plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It is on the way to success.
    Forward,
    /// It undoes what the other state of the machine does.
    Undoes(StateId),
    /// It is elsewhere on the way back.
    Backward,
    /// It waits for somebody after the other state failed: drawn with that one.
    Parked(StateId),
    /// It is not drawn; the transitions through it are.
    Hidden,
}

impl<'t> Reader<'_, 't> {
    /// The part of each state of a machine.
    pub(super) fn parts(&self, scope: &Scope<'t>) -> BTreeMap<StateId, Part> {
        let states = scope.states.iter();
        let ends_well = states
            .clone()
            .any(|state| self.recovery.forward.contains(*state));
        let reached = reachable(self.outline, scope.start, is_regular);
        let forward = |state: StateId| match ends_well {
            true => self.recovery.forward.contains(state),
            false => reached.contains(state),
        };
        let noted = !self.notes.is_empty();
        let parts = states.map(|state| {
            let part = match noted {
                true => self.noted(*state, scope, &forward),
                false => self.inferred(*state, scope, &forward),
            };
            (*state, part)
        });
        parts.collect()
    }

    fn inferred(&self, id: StateId, scope: &Scope<'t>, forward: &impl Fn(StateId) -> bool) -> Part {
        if forward(id) {
            return Part::Forward;
        }
        let mut on_the_way = scope.states.iter().filter(|other| forward(**other));
        if let Some(step) = on_the_way.find(|step| self.stands_in_for(id, **step)) {
            let mut edges = self.outline.edges_of(*step).iter();
            let caught = edges.any(|edge| edge.to == Some(id));
            return match self.recovery.hands_over(id) && !caught {
                true => Part::Parked(*step),
                false => Part::Backward,
            };
        }
        let mut pairs = self.recovery.pairs_of(scope.id);
        if let Some((_, pair)) = pairs.find(|(_, pair)| pair.undone_in.contains(&id)) {
            let parked = || self.failed_before(id, scope, pair.done_in);
            let first = pair.undone_in.first() == Some(&id);
            return match (first, parked()) {
                (false, Some(other)) => Part::Parked(other),
                _ => Part::Undoes(pair.done_in),
            };
        }
        let hands_over = self.recovery.hands_over(id);
        let caught = scope.states.iter().copied().find(|other| {
            let edges = self.outline.edges_of(*other).iter();
            let mut caught = edges.filter(|edge| !is_regular(edge));
            !forward(*other) && caught.any(|edge| edge.to == Some(id))
        });
        let is_fail = self.outline.state(id).is(StateType::Fail);
        match caught.filter(|_| hands_over && !is_fail) {
            Some(owner) => Part::Parked(owner),
            None => Part::Backward,
        }
    }

    /// Whether a state is reached where a step failed, and goes on as the step does where it has not: it undoes nothing.
    fn stands_in_for(&self, id: StateId, step: StateId) -> bool {
        let next = |state: StateId| {
            let edges = self.outline.edges_of(state).iter();
            edges
                .filter(|edge| is_regular(edge))
                .filter_map(|edge| edge.to)
        };
        let caught = self
            .outline
            .edges_of(step)
            .iter()
            .filter(|edge| !is_regular(edge));
        next(step).any(|to| next(id).any(|other| other == to))
            && reachable(self.outline, caught.filter_map(|edge| edge.to), is_regular).contains(id)
    }

    /// Of two states that undo the same, the one after whose failure the other one does the same work again.
    fn failed_before(&self, id: StateId, scope: &Scope<'t>, step: StateId) -> Option<StateId> {
        let mut pairs = self.recovery.pairs_of(scope.id);
        let (_, pair) = pairs.find(|(_, pair)| pair.done_in == step)?;
        let mut others = pair.undone_in.iter().copied().filter(|other| *other != id);
        others.find(|other| {
            let edges = self.outline.edges_of(*other).iter();
            let caught = edges.filter(|edge| !is_regular(edge));
            let after = reachable(self.outline, caught.filter_map(|edge| edge.to), is_regular);
            let again = self.recovery.is_same_work(*other, id) || self.recovery.hands_over(id);
            again && after.contains(id)
        })
    }

    fn noted(&self, id: StateId, scope: &Scope<'t>, forward: &impl Fn(StateId) -> bool) -> Part {
        let state = self.outline.state(id);
        let way = match forward(id) {
            true => Part::Forward,
            false => Part::Backward,
        };
        match state.kind {
            Some(StateType::Pass | StateType::Choice | StateType::Wait) => {
                match self.notes.authored.contains(state.name()) {
                    true => Part::Forward,
                    false => Part::Hidden,
                }
            }
            Some(StateType::Parallel | StateType::Map)
                if self.notes.authored.contains(state.name()) =>
            {
                way
            }
            Some(StateType::Parallel | StateType::Map) => {
                let (step, part): (_, fn(StateId) -> Part) = match self.purpose_inside(id) {
                    Some(Purpose::Undoes(step)) => (step, Part::Undoes),
                    Some(Purpose::Parked(step)) => (step, Part::Parked),
                    _ => return Part::Hidden,
                };
                self.holder(step, scope).map_or(Part::Hidden, part)
            }
            Some(StateType::Succeed) => Part::Forward,
            Some(StateType::Fail) => Part::Backward,
            _ => match self.notes.tasks.get(state.name()) {
                None => Part::Hidden,
                Some(Purpose::Does(_)) => Part::Forward,
                Some(Purpose::Undoes(step)) => {
                    let step = self.holder(step, scope);
                    step.map_or(way, Part::Undoes)
                }
                Some(Purpose::Parked(of)) => {
                    let of = self.holder(of, scope);
                    of.map_or(Part::Hidden, Part::Parked)
                }
                Some(Purpose::Tells) => way,
            },
        }
    }

    /// What the first task inside a state is for that is for something.
    fn purpose_inside(&self, id: StateId) -> Option<&Purpose> {
        let scopes = self.outline.inner_scopes(id);
        let mut states = scopes.flat_map(|scope| &scope.states);
        states.find_map(|inner| {
            let own = self.notes.tasks.get(self.outline.state(*inner).name());
            own.or_else(|| self.purpose_inside(*inner))
        })
    }

    /// The state of a machine that has the name, or in which the state of that name is.
    fn holder(&self, name: &str, scope: &Scope<'t>) -> Option<StateId> {
        let mut id = *self.by_name.get(name)?;
        loop {
            let around = self.outline.scope_of(id);
            if around.id == scope.id {
                return Some(id);
            }
            id = around.parent?;
        }
    }
}
