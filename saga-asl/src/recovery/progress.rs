//! Which effects have happened when a state begins.

use super::is_regular;
use super::pairing::Pair;
use crate::bits::Bits;
use crate::outline::{Outline, Reach, Scope, StateId};

/// Which effects have happened when a state begins.
#[derive(Debug)]
pub struct Progress {
    before: Vec<Option<Bits>>,
    none: Bits,
}

impl Progress {
    /// Goes along the way to success: an effect has happened where every way leads through it.
    pub(super) fn new(outline: &Outline<'_>, forward: &Reach, pairs: &[Pair]) -> Self {
        let none = Bits::empty(pairs.len());
        let mut own = vec![none.clone(); outline.states().len()];
        for (number, pair) in pairs.iter().enumerate() {
            if let Some(own) = own.get_mut(pair.done_in.index()) {
                own.insert(number);
            }
        }
        let mut progress = Self {
            before: vec![None; outline.states().len()],
            none,
        };
        if !pairs.is_empty() {
            outline
                .scopes()
                .iter()
                .for_each(|scope| progress.follow(outline, scope, forward, &own));
        }
        progress
    }

    /// The pairs whose effects have surely happened when a state begins.
    #[must_use]
    pub fn done_before(&self, state: StateId) -> &Bits {
        self.before
            .get(state.index())
            .and_then(Option::as_ref)
            .unwrap_or(&self.none)
    }

    fn follow(&mut self, outline: &Outline<'_>, scope: &Scope<'_>, forward: &Reach, own: &[Bits]) {
        let Some(start) = scope.start else { return };
        self.merge(start, &self.none.clone());
        let mut waiting = vec![start];
        while let Some(id) = waiting.pop() {
            let mut done = self.done_before(id).clone();
            own.get(id.index()).into_iter().for_each(|own| {
                done.unite(own);
            });
            let edges = outline.edges_of(id).iter().filter(|edge| is_regular(edge));
            for to in edges
                .filter_map(|edge| edge.to)
                .filter(|to| forward.contains(*to))
            {
                if self.merge(to, &done) {
                    waiting.push(to);
                }
            }
        }
    }

    fn merge(&mut self, to: StateId, done: &Bits) -> bool {
        match self.before.get_mut(to.index()) {
            Some(Some(known)) => known.intersect(done),
            Some(unknown) => {
                *unknown = Some(done.clone());
                true
            }
            None => false,
        }
    }
}
