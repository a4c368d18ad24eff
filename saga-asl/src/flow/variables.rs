//! Which variables are set when a state runs.

use std::collections::HashMap;

use crate::bits::Bits;
use crate::outline::{Edge, EdgeKind, Outline, ScopeKind, State, StateId};
use crate::syntax::Node;

/// Which variables are set when a state runs.
#[derive(Debug)]
pub struct Variables<'t> {
    numbers: HashMap<&'t str, usize>,
    /// By state: the variables that are set on every way to it, where there is a way.
    always: Vec<Option<Bits>>,
    /// By state: the variables that are set on some way to it.
    sometimes: Vec<Bits>,
}

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
        let states = outline.states().len();
        let sometimes = vec![Bits::empty(numbers.len()); states];
        let mut variables = Self {
            numbers,
            always: vec![None; states],
            sometimes,
        };
        variables.follow(outline);
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

    /// Whether any way leads to the state.
    #[must_use]
    pub fn is_reached(&self, state: StateId) -> bool {
        self.always.get(state.index()).is_some_and(Option::is_some)
    }

    /// Whether the variable is set on some way to the state.
    #[must_use]
    pub fn is_sometimes_set(&self, state: StateId, name: &str) -> bool {
        self.sometimes
            .get(state.index())
            .is_some_and(|set| self.contains(set, name))
    }

    fn contains(&self, set: &Bits, name: &str) -> bool {
        self.numbers
            .get(name)
            .is_some_and(|number| set.contains(*number))
    }

    /// Outer machines come before inner ones, so each finds what the one around it has.
    fn follow(&mut self, outline: &Outline<'t>) {
        for scope in outline.scopes() {
            let Some(start) = scope.start else { continue };
            let outer = scope
                .parent
                .filter(|_| scope.kind != ScopeKind::Distributed);
            let empty = || Bits::empty(self.numbers.len());
            let always = outer.and_then(|state| self.always.get(state.index()).cloned().flatten());
            let sometimes = outer.and_then(|state| self.sometimes.get(state.index()).cloned());
            let (always, sometimes) = (
                always.unwrap_or_else(empty),
                sometimes.unwrap_or_else(empty),
            );
            self.merge(start, &always, &sometimes);
            self.settle(outline, start);
        }
    }

    /// Hands sets on along the transitions until nothing changes.
    fn settle(&mut self, outline: &Outline<'t>, start: StateId) {
        let mut waiting = vec![start];
        while let Some(id) = waiting.pop() {
            for edge in outline.edges_of(id) {
                let Some(to) = edge.to else { continue };
                let set = self.set_by(outline.state(id), edge);
                let mut always = self
                    .always
                    .get(id.index())
                    .cloned()
                    .flatten()
                    .unwrap_or_default();
                let mut sometimes = self.sometimes.get(id.index()).cloned().unwrap_or_default();
                always.unite(&set);
                sometimes.unite(&set);
                if self.merge(to, &always, &sometimes) {
                    waiting.push(to);
                }
            }
        }
    }

    /// Adds a way to a state; whether that changed anything.
    fn merge(&mut self, to: StateId, always: &Bits, sometimes: &Bits) -> bool {
        let mut changed = false;
        match self.always.get_mut(to.index()) {
            Some(Some(known)) => changed |= known.intersect(always),
            Some(unknown) => {
                *unknown = Some(always.clone());
                changed = true;
            }
            None => {}
        }
        changed
            | self
                .sometimes
                .get_mut(to.index())
                .is_some_and(|known| known.unite(sometimes))
    }

    fn set_by(&self, state: &State<'t>, edge: &Edge<'t>) -> Bits {
        let mut set = Bits::empty(self.numbers.len());
        let assign = match edge.kind {
            EdgeKind::Next | EdgeKind::Default => state.get("Assign"),
            EdgeKind::Choice(entry) | EdgeKind::Catch(entry) => entry.get("Assign"),
        };
        for name in assign.into_iter().flat_map(|assign| names(state, assign)) {
            self.numbers
                .get(name)
                .into_iter()
                .for_each(|number| set.insert(*number));
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
