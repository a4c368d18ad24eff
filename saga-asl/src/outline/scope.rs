//! A machine: the whole one, a branch, or what runs for an item.

use super::StateId;
use crate::syntax::Node;

/// Which machine of an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub(super) usize);

impl ScopeId {
    /// Its place among all machines of the outline.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// Where a machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// The whole definition.
    Machine,
    /// A branch of a Parallel state.
    Branch,
    /// What a Map state does in the execution itself.
    Inline,
    /// What a Map state does in child executions.
    Distributed,
}

/// A machine: states that see only each other.
#[derive(Debug)]
pub struct Scope<'t> {
    /// Its number.
    pub id: ScopeId,
    /// Where it is.
    pub kind: ScopeKind,
    /// Its object.
    pub node: &'t Node<'t>,
    /// The state it is in.
    pub parent: Option<StateId>,
    /// Its states, in the order of the text.
    pub states: Vec<StateId>,
    /// The state that `StartAt` names.
    pub start: Option<StateId>,
    /// In alphabetical order; of duplicates the last one counts.
    pub(super) names: Vec<(&'t str, StateId)>,
}

impl Scope<'_> {
    /// The state of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<StateId> {
        let behind = self.names.partition_point(|(other, _)| *other <= name);
        let (found, state) = self.names.get(behind.checked_sub(1)?)?;
        (*found == name).then_some(*state)
    }

    /// The names of its states, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| *name)
    }
}
