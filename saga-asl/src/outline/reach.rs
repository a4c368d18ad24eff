//! Which states an execution can come to.

use super::{Edge, Outline, StateId};

/// A set of states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach(Vec<bool>);

impl Reach {
    /// Whether the state is in the set.
    #[must_use]
    pub fn contains(&self, state: StateId) -> bool {
        self.0.get(state.index()).copied().unwrap_or(false)
    }

    /// The states of the set whose numbers are wanted.
    #[must_use]
    pub(crate) fn filter(&self, wanted: impl Fn(usize) -> bool) -> Self {
        Self(
            self.0
                .iter()
                .enumerate()
                .map(|(index, inside)| *inside && wanted(index))
                .collect(),
        )
    }
}

/// The states that can be reached from some, themselves included, along the transitions wanted.
/// Machines inside a state do not count.
#[must_use]
pub fn reachable(
    outline: &Outline<'_>,
    from: impl IntoIterator<Item = StateId>,
    wanted: impl Fn(&Edge<'_>) -> bool,
) -> Reach {
    let mut seen = vec![false; outline.states().len()];
    let mut waiting: Vec<StateId> = from.into_iter().collect();
    while let Some(state) = waiting.pop() {
        match seen.get_mut(state.index()) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        let edges = outline.edges_of(state).iter().filter(|edge| wanted(edge));
        waiting.extend(edges.filter_map(|edge| edge.to));
    }
    Reach(seen)
}
