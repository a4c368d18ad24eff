use super::failing_path::INFERRED;
use crate::lint::{Context, Findings, rule};
use crate::outline::{State, StateId, reachable};
use crate::recovery::is_regular;

rule! {
    /// A compensation is tried only once.
    ///
    /// The failure that made it necessary is often still there; one throttled call, and the effect
    /// stays. An undo is idempotent or wrong, so it can be retried.
    ///
    /// ```json bad
    /// { "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "Failed" }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json good
    /// { "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "Failed",
    ///     "Retry": [ { "ErrorEquals": [ "States.ALL" ], "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2.0 } ] }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static COMPENSATION_WITHOUT_RETRY = Warning "ASL304" "compensation-without-retry" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let compensations = cx.recovery().compensations();
    for state in compensations.iter().map(|id| cx.outline.state(*id)) {
        let tried_again = state.retriers().iter().any(retries) || leads_back(cx, state);
        if !tried_again
            && !is_retried_outside(cx, state.id)
            && !is_parked_form(cx, state, &compensations)
        {
            out.report(
                state.name.span,
                format!("the compensation `{}` is not retried", state.name()),
            )
            .help("add a `Retry` of `States.ALL` with a growing interval")
            .inferred(INFERRED);
        }
    }
}

/// Whether a catcher leads back to the state: a retry by hand.
fn leads_back(cx: &Context<'_>, state: &State<'_>) -> bool {
    let edges = cx.outline.edges_of(state.id).iter();
    let mut caught = edges.filter(|edge| edge.kind.is_catch());
    caught.any(|edge| reachable(&cx.outline, edge.to, is_regular).contains(state.id))
}

/// Whether a retrier tries at all.
fn retries(retrier: &crate::syntax::Node<'_>) -> bool {
    let attempts = retrier.get("MaxAttempts").and_then(|node| node.as_number());
    attempts.is_none_or(|attempts| attempts.as_i64() != Some(0))
}

/// Whether a Parallel or Map around it is retried.
fn is_retried_outside(cx: &Context<'_>, state: StateId) -> bool {
    let parent = cx.outline.scope_of(state).parent;
    parent.is_some_and(|parent| {
        !cx.outline.state(parent).retriers().is_empty() || is_retried_outside(cx, parent)
    })
}

/// A compensation that ran out of retries and was handed over: the same work again, or what its
/// name says.
fn is_parked_form(cx: &Context<'_>, state: &State<'_>, all: &[StateId]) -> bool {
    let others = all
        .iter()
        .filter(|other| **other != state.id)
        .map(|other| cx.outline.state(*other));
    let mut retried = others.filter(|other| !other.retriers().is_empty());
    cx.recovery().hands_over(state.id)
        || retried.any(|other| cx.recovery().is_same_work(other.id, state.id))
}
