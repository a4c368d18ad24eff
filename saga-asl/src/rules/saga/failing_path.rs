//! What follows a failure.

use crate::bits::Bits;
use crate::lint::Context;
use crate::outline::{Edge, Reach, State, StateId, StateType, reachable};
use crate::recovery::{self, Recovery, is_regular};

/// A failure of a state on the way to success, and what it leads to.
#[derive(Debug)]
pub(crate) struct FailingPath<'t> {
    /// The state that fails.
    pub(super) id: StateId,
    /// The catcher's transition; none where nothing catches.
    pub(super) edge: Option<Edge<'t>>,
    /// The states that run then, as long as nothing else fails.
    pub(super) then: Reach,
    /// Whether it goes back to the way to success, or is handed over to somebody.
    pub(super) goes_on: bool,
}

/// Of larger sagas only so many failures are followed: each goes through the whole machine.
const MAX_PATHS: usize = 1_500;

/// Every failure of the states on the ways to success, caught or not. Several rules ask, so they are
/// followed once.
pub(super) fn failing_paths<'c, 't>(cx: &'c Context<'t>) -> &'c [FailingPath<'t>] {
    cx.failing_paths.get_or_init(|| follow_all(cx))
}

fn follow_all<'t>(cx: &Context<'t>) -> Vec<FailingPath<'t>> {
    let recovery = cx.recovery();
    let mut followed = Vec::new();
    for scope in cx.outline.scopes() {
        let states = recovery::fallible(&cx.outline, scope);
        for state in states.filter(|state| recovery.forward.contains(state.id)) {
            if followed.len() > MAX_PATHS {
                return followed;
            }
            let edges = cx.outline.edges_of(state.id).iter();
            let catches = edges.filter(|edge| edge.kind.is_catch());
            followed.extend(catches.map(|edge| follow(cx, state, Some(*edge))));
            if is_uncaught(cx, state, "States.TaskFailed") {
                followed.push(follow(cx, state, None));
            }
        }
    }
    followed
}

/// Whether neither a state nor one around it catches an error that the state may raise.
pub(super) fn is_uncaught(cx: &Context<'_>, state: &State<'_>, error: &str) -> bool {
    may_raise(cx, state) && escapes(cx, state, error)
}

/// Whether a state fails with what its work raises: a Task may, a Parallel or Map where something
/// inside it does. One that took over what failed waits there for somebody, and is no failure.
fn may_raise(cx: &Context<'_>, state: &State<'_>) -> bool {
    let scopes = cx.outline.inner_scopes(state.id);
    let inner = scopes.flat_map(|scope| &scope.states);
    let mut inner = inner.filter(|id| !cx.recovery().hands_over(**id));
    state.inner.is_empty()
        || state.get("ItemReader").is_some()
        || inner.any(|id| {
            let inner = cx.outline.state(*id);
            let fails = inner.kind.is_some_and(StateType::can_catch) && may_raise(cx, inner);
            inner.is(StateType::Fail) || fails && !recovery::catches(inner, "States.TaskFailed")
        })
}

fn escapes(cx: &Context<'_>, state: &State<'_>, error: &str) -> bool {
    let outside = cx.outline.scope(state.scope).parent;
    !recovery::catches(state, error)
        && outside.is_none_or(|outer| escapes(cx, cx.outline.state(outer), error))
}

fn follow<'t>(cx: &Context<'t>, state: &State<'t>, edge: Option<Edge<'t>>) -> FailingPath<'t> {
    let recovery = cx.recovery();
    let target = edge.and_then(|edge| edge.to);
    let then = reachable(&cx.outline, target, |edge| {
        is_regular(edge) && !recovery.forward.contains(edge.from)
    });
    let mut path = FailingPath {
        id: state.id,
        edge,
        goes_on: false,
        then,
    };
    let dangling = edge.is_some() && target.is_none();
    path.goes_on = dangling || path.returns(cx) || path.is_handed_over(cx);
    path
}

impl<'t> FailingPath<'t> {
    /// The state that fails.
    pub(super) fn state<'c>(&self, cx: &'c Context<'t>) -> &'c State<'t> {
        cx.outline.state(self.id)
    }

    /// The states that run then.
    pub(super) fn states<'c>(&self, cx: &'c Context<'t>) -> impl Iterator<Item = &'c State<'t>> {
        let states = cx.outline.scope_of(self.id).states.iter();
        let reached = states.filter(|id| self.then.contains(**id));
        reached
            .map(|id| cx.outline.state(*id))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Whether it goes back to the way to success. The end of that way alone is no way on for what
    /// has been compensated.
    fn returns(&self, cx: &Context<'t>) -> bool {
        let recovery = cx.recovery();
        let compensates = self.compensates(recovery);
        let mut back = self
            .states(cx)
            .filter(|state| recovery.forward.contains(state.id));
        back.any(|state| !compensates || !recovery::succeeds_at(state))
    }

    /// Whether the same work is done again, or somebody is told to do it.
    fn is_handed_over(&self, cx: &Context<'t>) -> bool {
        let recovery = cx.recovery();
        let is_task = self.state(cx).is(StateType::Task);
        let again = |id: StateId| is_task && id != self.id && recovery.is_same_work(self.id, id);
        self.states(cx)
            .any(|other| recovery.hands_over(other.id) || again(other.id))
    }

    /// Whether nobody knows whether the state's own work was done.
    pub(super) fn is_unknown_outcome(&self) -> bool {
        self.edge
            .is_none_or(|edge| recovery::takes_unknown_outcome(&edge))
    }

    /// Of these pairs, those that are not compensated then.
    pub(super) fn left(
        &self,
        recovery: &Recovery,
        pairs: impl IntoIterator<Item = usize>,
    ) -> Vec<usize> {
        let undone = |pair: &usize| {
            let pair = recovery.pairs.get(*pair);
            // What a branch or an item leaves, the machine around it may compensate after all.
            pair.is_some_and(|pair| {
                let mut holders = pair.undone_in.iter();
                holders.any(|holder| self.then.contains(*holder))
                    || recovery.is_compensated_outside(pair)
            })
        };
        pairs.into_iter().filter(|pair| !undone(pair)).collect()
    }

    /// Whether anything at all is compensated then.
    pub(super) fn compensates(&self, recovery: &Recovery) -> bool {
        recovery
            .pairs
            .iter()
            .flat_map(|pair| &pair.undone_in)
            .any(|holder| self.then.contains(*holder))
    }
}

/// The effects that earlier states have surely had when a state fails, and that nothing then compensates.
pub(super) fn left_by_others(path: &FailingPath<'_>, recovery: &Recovery) -> Vec<usize> {
    if path.goes_on {
        return Vec::new();
    }
    let done: &Bits = recovery.done_before(path.id);
    path.left(recovery, done.iter())
}

/// The compensations, and the Parallels and Maps that they are in.
pub(super) fn undoing_states<'c, 't>(cx: &'c Context<'t>) -> impl Iterator<Item = &'c State<'t>> {
    let mut all = cx.recovery().compensations();
    let pairs = cx.recovery().pairs.iter();
    all.extend(pairs.flat_map(|pair| pair.undone_in.iter().copied()));
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|id| cx.outline.state(id))
}

/// The name of a state in a message.
pub(super) fn name<'c>(cx: &'c Context<'_>, state: StateId) -> &'c str {
    cx.outline.state(state).name()
}

/// The names of the effects of pairs and of what would compensate them, for a message.
pub(super) fn names(cx: &Context<'_>, pairs: &[usize]) -> (String, String) {
    let pairs = || {
        pairs
            .iter()
            .filter_map(|pair| cx.recovery().pairs.get(*pair))
    };
    let effects: Vec<_> = pairs()
        .map(|pair| format!("`{}`", name(cx, pair.effect)))
        .collect();
    let undos = pairs().filter_map(|pair| pair.compensations.first());
    let undos: Vec<_> = undos.map(|undo| format!("`{}`", name(cx, *undo))).collect();
    (effects.join(", "), undos.join(", "))
}

/// What all these findings rest on.
pub(super) const INFERRED: &str = "the states' names and transitions";
