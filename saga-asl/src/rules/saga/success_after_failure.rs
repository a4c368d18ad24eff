use super::failing_path::{FailingPath, INFERRED, failing_paths};
use crate::lint::{Context, Findings, rule};
use crate::recovery::{self, is_effect};

rule! {
    /// A step failed, and the execution succeeds.
    ///
    /// Whoever waits for it, a caller, an alarm, a parent saga, takes the order for complete. After
    /// compensation an execution ends in a Fail state.
    ///
    /// ```json bad
    /// { "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "Failed" }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static SUCCESS_AFTER_FAILURE = Warning "ASL307" "success-after-failure" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.recovery().is_saga() {
        return;
    }
    // A branch or an item does well to end with an outcome instead of an error.
    let whole = |path: &FailingPath<'_>| cx.outline.scope_of(path.id).parent.is_none();
    for path in failing_paths(cx).iter().filter(|path| whole(path)) {
        if cleans_up(cx, path) {
            continue;
        }
        let Some(edge) = path.edge else { continue };
        let Some(target) = edge.to else { continue };
        let undone = recovery::speaks_of_undoing(cx.outline.state(target));
        let ignored = cx.recovery().forward.contains(target) && !undone && is_compensated(cx, path);
        let ends = !path.goes_on && ends_well(cx, path);
        if ignored || ends {
            let state = path.state(cx).name();
            out.report(
                edge.target.span,
                format!("`{state}` fails, and the execution succeeds"),
            )
            .help("end in a Fail state")
            .inferred(INFERRED);
        }
    }
}

/// Whether the state undoes something on the way to success: of a machine that cleans up after another one, which may well
/// find that done already.
fn cleans_up<'t>(cx: &Context<'t>, path: &FailingPath<'t>) -> bool {
    cx.recovery().forward.contains(path.id) && recovery::speaks_of_undoing(path.state(cx))
}

/// Whether the state has an effect that others would compensate: its failure cannot be passed over.
fn is_compensated<'t>(cx: &Context<'t>, path: &FailingPath<'t>) -> bool {
    is_effect(path.state(cx)) && cx.recovery().pairs_done_by(path.id).next().is_some()
}

/// Whether what follows the failure ends with success.
fn ends_well<'t>(cx: &Context<'t>, path: &FailingPath<'t>) -> bool {
    path.states(cx).any(|state| recovery::succeeds_at(state))
}
