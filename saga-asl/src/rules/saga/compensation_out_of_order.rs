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

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let recovery = cx.recovery();
    let mut reported = HashSet::new();
    for (number, earlier) in recovery.pairs.iter().enumerate() {
        let is_after = |later: &&Pair| {
            let done = recovery.done_before(later.done_in);
            if later.done_in == earlier.done_in {
                is_behind(cx, earlier.effect, later.effect)
            } else {
                done.contains(number)
            }
        };
        let later: Vec<_> = recovery.pairs.iter().filter(is_after).collect();
        for undo in earlier.undone_in.iter().filter(|_| !later.is_empty()) {
            // Back on the way to success, what is compensated then belongs to another failure.
            let behind = reachable(&cx.outline, next(cx, *undo), |edge| {
                is_regular(edge) && !recovery.forward.contains(edge.from)
            });
            let wrong = |pair: &&&Pair| {
                let mut undone = pair
                    .undone_in
                    .iter()
                    .filter(|other| behind.contains(**other));
                // In a circle each is before the other.
                undone.any(|other| {
                    !reachable(&cx.outline, next(cx, *other), is_regular).contains(*undo)
                })
            };
            for pair in later.iter().filter(wrong) {
                if reported.insert((*undo, pair.effect)) {
                    report(cx, earlier, pair, *undo, out);
                }
            }
        }
    }
}

/// Whether a state comes after another one, of the same machine inside a Parallel or Map.
fn is_behind(cx: &Context<'_>, earlier: StateId, later: StateId) -> bool {
    let scope = |state: StateId| cx.outline.state(state).scope;
    let leads = |from, to| reachable(&cx.outline, next(cx, from), is_regular).contains(to);
    scope(earlier) == scope(later) && leads(earlier, later) && !leads(later, earlier)
}

fn next(cx: &Context<'_>, state: StateId) -> Vec<StateId> {
    let edges = cx.outline.edges_of(state).iter();
    edges
        .filter(|edge| is_regular(edge))
        .filter_map(|edge| edge.to)
        .collect()
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
