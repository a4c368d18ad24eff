//! A transition from a state to another.

use super::StateId;
use crate::syntax::Node;

/// A transition as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Edge<'t> {
    /// The state it leaves.
    pub from: StateId,
    /// The state it goes to, where there is one of that name in the same machine.
    pub to: Option<StateId>,
    /// The name as it is written.
    pub target: &'t Node<'t>,
    /// Why it is taken.
    pub kind: EdgeKind<'t>,
}

/// Why a transition is taken.
#[derive(Debug, Clone, Copy)]
pub enum EdgeKind<'t> {
    /// The state succeeded.
    Next,
    /// A rule of a Choice held.
    Choice(&'t Node<'t>),
    /// No rule of a Choice held.
    Default,
    /// The state failed, and this catcher caught it.
    Catch(&'t Node<'t>),
}

impl EdgeKind<'_> {
    /// Whether it is taken when the state failed.
    #[must_use]
    pub fn is_catch(self) -> bool {
        matches!(self, Self::Catch(_))
    }
}
