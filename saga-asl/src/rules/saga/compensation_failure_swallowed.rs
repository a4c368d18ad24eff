use super::failing_path::{INFERRED, undoing_states};
use crate::lint::{Context, Findings, rule};
use crate::outline::{Edge, State, StateId, StateType, reachable};
use crate::recovery::{self, is_regular};

rule! {
    /// A compensation fails, and the execution goes on as if it had not.
    ///
    /// The effect stays, and nobody hears of it. A compensation that ran out of retries must end the
    /// execution as failed, or be handed over to somebody.
    ///
    /// ```json bad
    /// { "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "Failed",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.undoError", "Next": "Done" } ] },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json good
    /// { "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "Failed",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.undoError", "Next": "RefundFailed" } ] },
    ///   "RefundFailed": { "Type": "Fail" }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static COMPENSATION_FAILURE_SWALLOWED = Warning "ASL305" "compensation-failure-swallowed" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in undoing_states(cx) {
        let edges = cx.outline.edges_of(state.id);
        for edge in edges.iter().filter(|edge| edge.kind.is_catch()) {
            let Some(how) = swallowed(cx, state, edge) else {
                continue;
            };
            let message = format!(
                "a failure of the compensation `{}` is swallowed: {how}",
                state.name()
            );
            out.report(edge.target.span, message)
                .help("go to a Fail state, or to one that hands it over to somebody")
                .inferred(INFERRED);
        }
    }
}

fn swallowed(cx: &Context<'_>, state: &State<'_>, edge: &Edge<'_>) -> Option<&'static str> {
    let target = edge.to?;
    let next = next(cx, state.id);
    if next == Some(behind_idle(cx, target)) {
        // A known failure may well say that there is nothing to undo.
        return recovery::takes_unknown_outcome(edge).then_some("it goes on as after a success");
    }
    let then = reachable(&cx.outline, [target], is_regular);
    let reached = || {
        let states = cx
            .outline
            .scope_of(state.id)
            .states
            .iter()
            .map(|id| cx.outline.state(*id));
        states.filter(|other| then.contains(other.id))
    };
    let handed = reached().any(|other| {
        cx.recovery().hands_over(other.id) || cx.recovery().is_same_work(state.id, other.id)
    });
    let succeeds = reached().any(|other| recovery::succeeds_at(other));
    let outside = is_compensated_outside(cx, state.id);
    (succeeds && !handed && !outside).then_some("the execution succeeds")
}

fn next(cx: &Context<'_>, state: StateId) -> Option<StateId> {
    let mut edges = cx.outline.edges_of(state).iter();
    edges.find(|edge| is_regular(edge)).and_then(|edge| edge.to)
}

/// What follows the Pass states that note nothing.
fn behind_idle(cx: &Context<'_>, target: StateId) -> StateId {
    const NOTING: [&str; 5] = ["Assign", "Output", "Parameters", "Result", "ResultPath"];
    let is_idle = |id: &StateId| {
        let state = cx.outline.state(*id);
        state.is(StateType::Pass) && NOTING.iter().all(|field| state.get(field).is_none())
    };
    let mut states =
        std::iter::successors(Some(target), |id| next(cx, *id).filter(|_| is_idle(id)));
    let most = cx.outline.states().len();
    states.by_ref().take(most).last().unwrap_or(target)
}

/// Whether a branch or an item ends with an outcome after which the machine around it compensates.
fn is_compensated_outside(cx: &Context<'_>, undo: StateId) -> bool {
    let recovery = cx.recovery();
    let mut pairs = recovery.pairs.iter();
    pairs.any(|pair| pair.compensations.contains(&undo) && recovery.is_compensated_outside(pair))
}
