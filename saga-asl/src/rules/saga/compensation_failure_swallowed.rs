use super::failing_path::INFERRED;
use crate::lint::{Context, Findings, rule};
use crate::outline::{Edge, State, reachable};
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

/// The compensations, and the Parallels and Maps that they are in.
fn undoing_states<'c, 't>(cx: &'c Context<'t>) -> impl Iterator<Item = &'c State<'t>> {
    let mut all = cx.recovery().compensations();
    let pairs = cx.recovery().pairs.iter();
    all.extend(pairs.flat_map(|pair| pair.undone_in.iter().copied()));
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|id| cx.outline.state(id))
}

fn swallowed(cx: &Context<'_>, state: &State<'_>, edge: &Edge<'_>) -> Option<&'static str> {
    let target = edge.to?;
    let next = cx
        .outline
        .edges_of(state.id)
        .iter()
        .find(|edge| is_regular(edge));
    // A known failure may well say that there is nothing to undo.
    if next.and_then(|edge| edge.to) == Some(target) && recovery::takes_unknown_outcome(edge) {
        return Some("it goes on as after a success");
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
    (succeeds && !handed).then_some("the execution succeeds")
}
