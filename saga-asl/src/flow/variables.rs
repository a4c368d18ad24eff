//! Which variables are set when a state runs.

use std::collections::HashMap;

use crate::outline::{Edge, EdgeKind, Outline, ScopeKind, State, StateId};
use crate::syntax::Node;

/// Which variables are set when a state runs.
#[derive(Debug)]
pub struct Variables<'t> {
    numbers: HashMap<&'t str, usize>,
    words: usize,
    /// By state: the variables that are set on every way to it, and on some.
    always: Vec<Option<Vec<u64>>>,
    sometimes: Vec<Vec<u64>>,
}

const BITS: usize = 64;

impl<'t> Variables<'t> {
    /// Follows the variables of a definition.
    #[must_use]
    pub fn new(outline: &Outline<'t>) -> Self {
        let mut numbers = HashMap::new();
        for state in outline.states() {
            for name in assignments(state).flat_map(|assign| names(state, assign)) {
                let next = numbers.len();
                numbers.entry(name).or_insert(next);
            }
        }
        let words = numbers.len().div_ceil(BITS);
        let states = outline.states().len();
        let (always, sometimes) = (vec![None; states], vec![vec![0; words]; states]);
        let mut variables = Self {
            numbers,
            words,
            always,
            sometimes,
        };
        if words > 0 {
            variables.follow(outline);
        }
        variables
    }

    /// Whether any state sets the variable.
    #[must_use]
    pub fn exists(&self, name: &str) -> bool {
        self.numbers.contains_key(name)
    }

    /// The variables that some state sets.
    pub fn names(&self) -> impl Iterator<Item = &'t str> {
        self.numbers.keys().copied()
    }

    /// Whether the variable is set on every way to the state. States that nothing leads to see all.
    #[must_use]
    pub fn is_always_set(&self, state: StateId, name: &str) -> bool {
        let always = self.always.get(state.index()).and_then(Option::as_ref);
        always.is_none_or(|set| self.contains(set, name))
    }

    /// Whether the variable is set on some way to the state.
    #[must_use]
    pub fn is_sometimes_set(&self, state: StateId, name: &str) -> bool {
        self.sometimes
            .get(state.index())
            .is_some_and(|set| self.contains(set, name))
    }

    fn contains(&self, set: &[u64], name: &str) -> bool {
        let Some(number) = self.numbers.get(name) else {
            return false;
        };
        let word = set.get(number / BITS).copied().unwrap_or_default();
        word >> (number % BITS) & 1 == 1
    }

    /// Outer machines come before inner ones, so each finds what the one around it has.
    fn follow(&mut self, outline: &Outline<'t>) {
        for scope in outline.scopes() {
            let Some(start) = scope.start else { continue };
            let outer = scope
                .parent
                .filter(|_| scope.kind != ScopeKind::Distributed);
            let empty = vec![0; self.words];
            let always = outer.and_then(|state| self.always.get(state.index()).cloned().flatten());
            let sometimes = outer.and_then(|state| self.sometimes.get(state.index()).cloned());
            let always = always.unwrap_or_else(|| empty.clone());
            self.merge(start, &always, &sometimes.unwrap_or(empty));
            self.settle(outline, start);
        }
    }

    /// Hands sets on along the transitions until nothing changes.
    fn settle(&mut self, outline: &Outline<'t>, start: StateId) {
        let mut waiting = vec![start];
        while let Some(id) = waiting.pop() {
            let state = outline.state(id);
            for edge in outline.edges_of(id) {
                let Some(to) = edge.to else { continue };
                let set = self.set_by(state, edge);
                let add = |base: &[u64]| -> Vec<u64> {
                    base.iter()
                        .zip(&set)
                        .map(|(base, set)| base | set)
                        .collect()
                };
                let always = self.always.get(id.index()).and_then(Option::as_ref);
                let always = always.map_or_else(|| set.clone(), |base| add(base));
                let sometimes = self
                    .sometimes
                    .get(id.index())
                    .map_or_else(Vec::new, |base| add(base));
                if self.merge(to, &always, &sometimes) {
                    waiting.push(to);
                }
            }
        }
    }

    /// Adds a way to a state; whether that changed anything.
    fn merge(&mut self, to: StateId, always: &[u64], sometimes: &[u64]) -> bool {
        let mut changed = false;
        match self.always.get_mut(to.index()) {
            Some(Some(known)) => {
                for (known, new) in known.iter_mut().zip(always) {
                    changed |= *known & new != *known;
                    *known &= new;
                }
            }
            Some(unknown) => {
                *unknown = Some(always.to_vec());
                changed = true;
            }
            None => {}
        }
        if let Some(known) = self.sometimes.get_mut(to.index()) {
            for (known, new) in known.iter_mut().zip(sometimes) {
                changed |= *known | new != *known;
                *known |= new;
            }
        }
        changed
    }

    fn set_by(&self, state: &State<'t>, edge: &Edge<'t>) -> Vec<u64> {
        let mut set = vec![0; self.words];
        let assign = match edge.kind {
            EdgeKind::Next | EdgeKind::Default => state.get("Assign"),
            EdgeKind::Choice(entry) | EdgeKind::Catch(entry) => entry.get("Assign"),
        };
        for name in assign.into_iter().flat_map(|assign| names(state, assign)) {
            let Some(number) = self.numbers.get(name) else {
                continue;
            };
            if let Some(word) = set.get_mut(number / BITS) {
                *word |= 1 << (number % BITS);
            }
        }
        set
    }
}

/// All `Assign` of a state.
fn assignments<'t>(state: &State<'t>) -> impl Iterator<Item = &'t Node<'t>> + use<'t> {
    let choices = state.get("Choices").map_or(&[][..], Node::items);
    let entries = choices.iter().chain(state.catchers());
    state
        .get("Assign")
        .into_iter()
        .chain(entries.filter_map(|entry| entry.get("Assign")))
}

/// The variables that an `Assign` sets.
fn names<'t>(state: &State<'t>, assign: &'t Node<'t>) -> impl Iterator<Item = &'t str> + use<'t> {
    let jsonata = state.is_jsonata();
    assign.members().iter().map(move |member| {
        let name = member.name.text.as_ref();
        if jsonata {
            name
        } else {
            name.strip_suffix(".$").unwrap_or(name)
        }
    })
}
