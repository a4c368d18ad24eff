//! What a definition does to recover from failures, inferred.
//!
//! The language has no word for a compensation. A state is taken for one when its name says that
//! it undoes something (`Refund…`, `Cancel…`, `Release…`), when an effect is there that its name
//! fits, and when the way to success does not lead through it. Everything built on that says that
//! it was inferred.

mod effect;
mod naming;
mod pairing;
mod progress;

pub use self::effect::{is_effect, is_notification, is_read_only, speaks_of_undoing};
pub use self::pairing::Pair;
pub use self::progress::Progress;

use std::collections::HashSet;

use crate::bits::Bits;
use crate::outline::{
    Edge, EdgeKind, Outline, Reach, Scope, ScopeId, State, StateId, StateType, reachable,
};

/// What a definition does to recover.
#[derive(Debug)]
pub struct Recovery {
    /// Effects and what compensates them.
    pub pairs: Vec<Pair>,
    /// States on a way to success that no failure leads to.
    pub forward: Reach,
    progress: Progress,
    /// By state: what a Task asks of whom.
    work: Vec<Option<u64>>,
    /// By state: whether it hands a failure over to somebody.
    handing: Vec<bool>,
    compensating: HashSet<StateId>,
}

impl Recovery {
    /// Infers it from a definition.
    #[must_use]
    pub fn new(outline: &Outline<'_>) -> Self {
        let forward = forward(outline);
        let pairs = pairing::pairs(outline, &forward);
        let progress = Progress::new(outline, &forward, &pairs);
        let work = outline.states().iter().map(effect::work).collect();
        let compensating = pairs
            .iter()
            .flat_map(|pair| pair.compensations.iter().copied())
            .collect();
        let handing = outline.states().iter().map(effect::hands_over).collect();
        Self {
            pairs,
            forward,
            progress,
            work,
            handing,
            compensating,
        }
    }

    /// Whether anything is compensated.
    #[must_use]
    pub fn is_saga(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// The pairs whose effects have surely happened when a state begins, without its own.
    #[must_use]
    pub fn done_before(&self, state: StateId) -> &Bits {
        self.progress.done_before(state)
    }

    /// Whether two Tasks ask the same of the same.
    #[must_use]
    pub fn is_same_work(&self, one: StateId, other: StateId) -> bool {
        let work = |state: StateId| self.work.get(state.index()).copied().flatten();
        work(one).is_some() && work(one) == work(other)
    }

    /// Whether a state hands a failure over to somebody: its name says so.
    #[must_use]
    pub fn hands_over(&self, state: StateId) -> bool {
        self.handing.get(state.index()).copied().unwrap_or(false)
    }

    /// The pairs of a machine.
    pub fn pairs_of(&self, scope: ScopeId) -> impl Iterator<Item = (usize, &Pair)> {
        self.pairs
            .iter()
            .enumerate()
            .filter(move |(_, pair)| pair.scope == scope)
    }

    /// The pairs whose effect is the state itself, or something inside it.
    pub fn pairs_done_by(&self, state: StateId) -> impl Iterator<Item = (usize, &Pair)> {
        self.pairs
            .iter()
            .enumerate()
            .filter(move |(_, pair)| pair.done_in == state)
    }

    /// Whether the effect of a pair is also compensated by a machine around that of the pair.
    #[must_use]
    pub fn is_compensated_outside(&self, pair: &Pair) -> bool {
        let mut others = self
            .pairs
            .iter()
            .filter(|other| other.effect == pair.effect);
        others.any(|other| other.scope < pair.scope)
    }

    /// Whether a state compensates something.
    #[must_use]
    pub fn is_compensation(&self, state: StateId) -> bool {
        self.compensating.contains(&state)
    }

    /// Every state that compensates something, once.
    #[must_use]
    pub fn compensations(&self) -> Vec<StateId> {
        let mut all: Vec<_> = self
            .pairs
            .iter()
            .flat_map(|pair| pair.compensations.clone())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The states that can be reached without a failure and from which success can be reached without one.
fn forward(outline: &Outline<'_>) -> Reach {
    let starts = outline.scopes().iter().filter_map(|scope| scope.start);
    let reached = reachable(outline, starts, is_regular);
    let mut ends = vec![false; outline.states().len()];
    let mut before: Vec<Vec<StateId>> = vec![Vec::new(); outline.states().len()];
    for edge in outline.edges().iter().filter(|edge| is_regular(edge)) {
        let into = edge.to.and_then(|to| before.get_mut(to.index()));
        into.into_iter().for_each(|into| into.push(edge.from));
    }
    let good = outline.states().iter().filter(|state| succeeds_at(state));
    let mut waiting: Vec<StateId> = good.map(|state| state.id).collect();
    while let Some(state) = waiting.pop() {
        match ends.get_mut(state.index()) {
            Some(ends) if !*ends => *ends = true,
            _ => continue,
        }
        waiting.extend(before.get(state.index()).into_iter().flatten());
    }
    reached.filter(|index| ends.get(index).copied().unwrap_or(false))
}

/// Whether a transition is taken without a failure.
pub fn is_regular(edge: &Edge<'_>) -> bool {
    !edge.kind.is_catch()
}

/// Whether a machine succeeds when it ends here.
#[must_use]
pub fn succeeds_at(state: &State<'_>) -> bool {
    state.is(StateType::Succeed) || state.ends()
}

/// The states of a machine that can fail.
pub fn fallible<'o, 't>(
    outline: &'o Outline<'t>,
    scope: &'o Scope<'t>,
) -> impl Iterator<Item = &'o State<'t>> {
    let states = scope.states.iter().map(|id| outline.state(*id));
    states.filter(|state| state.kind.is_some_and(StateType::can_catch))
}

/// Whether a catcher or retrier of these names takes errors after which nobody knows whether the
/// work was done: a timeout, or anything at all.
#[must_use]
pub fn takes_unknown_outcome(edge: &Edge<'_>) -> bool {
    let EdgeKind::Catch(catcher) = edge.kind else {
        return false;
    };
    State::error_names(catcher)
        .any(|(name, _)| matches!(name, "States.ALL" | "States.Timeout" | "States.TaskFailed"))
}

/// Whether the error of that name is caught by one of the state's catchers.
#[must_use]
pub fn catches(state: &State<'_>, error: &str) -> bool {
    state
        .catchers()
        .iter()
        .flat_map(State::error_names)
        .any(|(name, _)| {
            name == error
                || name == "States.ALL"
                || (name == "States.TaskFailed" && error != "States.Timeout")
        })
}
