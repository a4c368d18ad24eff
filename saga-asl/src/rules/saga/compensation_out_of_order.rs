use std::collections::HashSet;

use super::failing_path::{INFERRED, name};
use crate::lint::{Context, Findings, rule};
use crate::outline::{StateId, reachable};
use crate::recovery::{Pair, is_regular};

rule! {
    /// An effect is compensated before another one that was made after it.
    ///
    /// Compensations run in the reverse order of their effects: the later one may rest on the earlier.
    ///
    /// ```json bad
    /// { "ReserveStock": { "Type": "Task", "Resource": "${Reserve}", "ResultPath": null, "Next": "ChargeCard" },
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "Next": "Ship" },
    ///   "Ship": { "Type": "Task", "Resource": "${Ship}", "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "${Release}", "ResultPath": null, "Next": "RefundCard" },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json good
    /// { "ReserveStock": { "Type": "Task", "Resource": "${Reserve}", "ResultPath": null, "Next": "ChargeCard" },
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "Next": "Ship" },
    ///   "Ship": { "Type": "Task", "Resource": "${Ship}", "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "ReleaseStock" },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "${Release}", "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static COMPENSATION_OUT_OF_ORDER = Warning "ASL303" "compensation-out-of-order" in Saga, check;
}

/// Larger sagas are not looked through: every undo is followed once.
const MAX_PAIRS: usize = 300;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let recovery = cx.recovery();
    let mut reported = HashSet::new();
    for (_, earlier) in cx
        .outline
        .scopes()
        .iter()
        .flat_map(|scope| recovery.pairs_of(scope.id))
        .take(MAX_PAIRS)
    {
        for undo in &earlier.undone_in {
            let behind = reachable(&cx.outline, next(cx, *undo), is_regular);
            for (_, later) in recovery.pairs_of(earlier.scope) {
                let undone_later = later
                    .undone_in
                    .iter()
                    .find(|other| behind.contains(**other));
                let Some(other) = undone_later.filter(|_| is_before(cx, earlier, later)) else {
                    continue;
                };
                // In a circle each is before the other.
                let circle = reachable(&cx.outline, next(cx, *other), is_regular).contains(*undo);
                if !circle && reported.insert((*undo, later.effect)) {
                    report(cx, earlier, later, *undo, out);
                }
            }
        }
    }
}

fn next(cx: &Context<'_>, state: StateId) -> Vec<StateId> {
    let edges = cx.outline.edges_of(state).iter();
    edges
        .filter(|edge| is_regular(edge))
        .filter_map(|edge| edge.to)
        .collect()
}

/// Whether one effect surely precedes another.
fn is_before(cx: &Context<'_>, earlier: &Pair, later: &Pair) -> bool {
    let recovery = cx.recovery();
    let done = recovery.done_before(later.done_in);
    let number = recovery
        .pairs
        .iter()
        .position(|pair| pair.effect == earlier.effect);
    earlier.done_in != later.done_in && number.is_some_and(|number| done.contains(number))
}

fn report(cx: &Context<'_>, earlier: &Pair, later: &Pair, undo: StateId, out: &mut Findings<'_>) {
    let (first, second) = (name(cx, earlier.effect), name(cx, later.effect));
    let state = cx.outline.state(undo);
    let message = format!(
        "`{}` compensates `{first}` before `{second}` is compensated, which was made after it",
        state.name()
    );
    out.report(state.name.span, message)
        .help("compensate in the reverse order of the effects")
        .inferred(INFERRED);
}
