use super::failing_path::{
    FailingPath, INFERRED, failing_paths, left_by_others, names, undoing_states,
};
use crate::lint::{Context, Findings, rule};
use crate::outline::{Edge, Reach, State, StateId, StateType, reachable};
use crate::recovery::{self, Pair, Recovery, is_regular};

rule! {
    /// A failure compensates some of the effects made before, and leaves others.
    ///
    /// The chain of undos begins too late or misses a link; or an undo that fails ends the execution
    /// as if everything had been undone, and the undos behind it never run. An end of its own, which
    /// says that an undo failed, or a state that hands over to somebody is no such end.
    ///
    /// ```json bad
    /// { "ReserveStock": { "Type": "Task", "Resource": "${Reserve}", "ResultPath": null, "Next": "ChargeCard",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "ReleaseStock",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "Failed" } ] },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "${Release}", "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json bad
    /// { "ReserveStock": { "Type": "Task", "Resource": "${Reserve}", "ResultPath": null, "Next": "ChargeCard",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "Failed" },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "${Release}", "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json good
    /// { "ReserveStock": { "Type": "Task", "Resource": "${Reserve}", "ResultPath": null, "Next": "ChargeCard",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "ReleaseStock" },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "${Release}", "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static COMPENSATION_SKIPPED = Warning "ASL302" "compensation-skipped" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let recovery = cx.recovery();
    if !recovery.is_saga() {
        return;
    }
    for path in failing_paths(cx) {
        let mut left = left_by_others(path, recovery);
        left.extend(left_of_its_own(path, recovery));
        let Some(edge) = path
            .edge
            .filter(|_| !left.is_empty() && path.compensates(recovery))
        else {
            continue;
        };
        let (effects, undos) = names(cx, &left);
        let state = path.state(cx).name();
        out.report(
            edge.target.span,
            format!("when `{state}` fails, this skips the compensation of {effects}"),
        )
        .help(format!("lead it through {undos} too"))
        .inferred(INFERRED);
    }
    // What undoes no effect, such as a notice, is a link of the chain too.
    let states = cx.outline.states().iter();
    let others = states.filter(|state| {
        let is_compensation = recovery.is_compensation(state.id);
        let behind = !is_compensation && !recovery.forward.contains(state.id);
        behind && state.is(StateType::Task) && recovery::speaks_of_undoing(state)
    });
    for undo in undoing_states(cx).chain(others) {
        let edges = cx.outline.edges_of(undo.id).iter();
        for edge in edges.filter(|edge| recovery::takes_unknown_outcome(edge)) {
            check_undo(cx, undo, edge, out);
        }
    }
}

/// A failure of an undo that ends where what was undone ends, without the undos behind it.
fn check_undo(cx: &Context<'_>, undo: &State<'_>, edge: &Edge<'_>, out: &mut Findings<'_>) {
    let Some(target) = edge.to else { return };
    let edges = cx.outline.edges_of(undo.id).iter();
    let next = edges.filter(|edge| is_regular(edge));
    let after = behind(cx, next.filter_map(|edge| edge.to));
    let then = behind(cx, [target]);
    if !ends_as_if_undone(cx, undo.id, &after, &then) {
        return;
    }
    let runs = |pair: &Pair, reach: &Reach| pair.undone_in.iter().any(|id| reach.contains(*id));
    let pairs = cx.recovery().pairs.iter().enumerate();
    let left = pairs.filter(|(_, pair)| runs(pair, &after) && !runs(pair, &then));
    let left: Vec<usize> = left.map(|(number, _)| number).collect();
    if left.is_empty() {
        return;
    }
    let (effects, undos) = names(cx, &left);
    let name = undo.name();
    out.report(
        edge.target.span,
        format!("when `{name}` fails, this skips the compensation of {effects}"),
    )
    .help(format!(
        "lead it through {undos} too, or hand it over to somebody"
    ))
    .inferred(INFERRED);
}

/// What runs until the way to success goes on.
fn behind(cx: &Context<'_>, from: impl IntoIterator<Item = StateId>) -> Reach {
    let recovery = cx.recovery();
    reachable(&cx.outline, from, |edge| {
        is_regular(edge) && !recovery.forward.contains(edge.from)
    })
}

/// Whether what follows the failure of an undo ends where its success or another failure ends, and
/// neither tries again nor hands over on the way.
fn ends_as_if_undone(cx: &Context<'_>, undo: StateId, after: &Reach, then: &Reach) -> bool {
    let recovery = cx.recovery();
    let states = cx.outline.scope_of(undo).states.iter().copied();
    let mut reached = states.filter(|id| then.contains(*id));
    let alike = |id: StateId| {
        let mut others = failing_paths(cx).iter();
        after.contains(id) || others.any(|path| path.edge.is_some() && path.then.contains(id))
    };
    let goes_on = |id: StateId| {
        let retried = id == undo || recovery.is_same_work(id, undo);
        retried || recovery.hands_over(id) || recovery.forward.contains(id)
    };
    reached.clone().any(alike) && !reached.any(goes_on)
}

/// Of the effects inside a Parallel or Map that fails, those that are left while others of them are
/// compensated.
fn left_of_its_own(path: &FailingPath<'_>, recovery: &Recovery) -> Vec<usize> {
    let own: Vec<_> = recovery
        .pairs_done_by(path.id)
        .map(|(number, _)| number)
        .collect();
    let left = path.left(recovery, own.iter().copied());
    if path.goes_on || !path.is_unknown_outcome() || left.len() == own.len() {
        return Vec::new();
    }
    left
}
