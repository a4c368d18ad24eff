//! The shape of a definition, seen leniently: machines, states, transitions.
//!
//! Rules look at definitions that are broken in any way, so nothing here fails:
//! what is not there is `None`, and a state of an unknown type is still a state.

mod build;
mod edge;
mod reach;
mod scope;
mod state;

pub use self::edge::{Edge, EdgeKind};
pub use self::reach::{Reach, reachable};
pub use self::scope::{Scope, ScopeId, ScopeKind};
pub use self::state::{State, StateId, StateType};

use crate::model::QueryLanguage;
use crate::syntax::Node;

/// The machines and states of a definition.
#[derive(Debug)]
pub struct Outline<'t> {
    /// The definition's value.
    pub root: &'t Node<'t>,
    /// The language that the machine states, else JSONPath.
    pub language: QueryLanguage,
    scopes: Vec<Scope<'t>>,
    states: Vec<State<'t>>,
    edges: Vec<Edge<'t>>,
}

impl<'t> Outline<'t> {
    /// The shape of a definition.
    #[must_use]
    pub fn new(root: &'t Node<'t>) -> Self {
        build::build(root)
    }

    /// All machines: the whole one first, an inner one behind the machine it is in.
    #[must_use]
    pub fn scopes(&self) -> &[Scope<'t>] {
        &self.scopes
    }

    /// All states of all machines, in the order of the text.
    #[must_use]
    pub fn states(&self) -> &[State<'t>] {
        &self.states
    }

    /// All transitions of all machines, those of one state together.
    #[must_use]
    pub fn edges(&self) -> &[Edge<'t>] {
        &self.edges
    }

    /// The state of that number.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "INVARIANT: only `build` makes numbers, of this outline's states"
    )]
    pub fn state(&self, id: StateId) -> &State<'t> {
        &self.states[id.0]
    }

    /// The machine of that number.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "INVARIANT: only `build` makes numbers, of this outline's scopes"
    )]
    pub fn scope(&self, id: ScopeId) -> &Scope<'t> {
        &self.scopes[id.0]
    }

    /// The machine that the state is in.
    #[must_use]
    pub fn scope_of(&self, state: StateId) -> &Scope<'t> {
        self.scope(self.state(state).scope)
    }

    /// The transitions out of a state, as written.
    #[must_use]
    pub fn edges_of(&self, state: StateId) -> &[Edge<'t>] {
        self.edges
            .get(self.state(state).edges.clone())
            .unwrap_or_default()
    }

    /// The states that a state may go to, catchers included.
    pub fn successors(&self, state: StateId) -> impl Iterator<Item = StateId> + '_ {
        self.edges_of(state).iter().filter_map(|edge| edge.to)
    }

    /// The machines directly inside a state.
    pub fn inner_scopes(&self, state: StateId) -> impl Iterator<Item = &Scope<'t>> {
        self.state(state)
            .inner
            .iter()
            .map(|scope| self.scope(*scope))
    }

    /// Whether a state is inside another one, at any depth.
    #[must_use]
    pub fn is_inside(&self, inner: StateId, outer: StateId) -> bool {
        let mut parent = self.scope_of(inner).parent;
        while let Some(state) = parent {
            if state == outer {
                return true;
            }
            parent = self.scope_of(state).parent;
        }
        false
    }
}
