use super::failing_path::{FailingPath, INFERRED, failing_paths, is_uncaught, name};
use crate::lint::{Context, Findings, rule};
use crate::outline::State;
use crate::recovery::Pair;

rule! {
    /// A step times out or fails in an unknown way, and its own effect is not compensated.
    ///
    /// A task that timed out leaves its function running: it may have charged the card all the same.
    /// Unless the error says surely that nothing happened, the step's own compensation must run too.
    ///
    /// ```json bad
    /// { "ReserveStock": { "Type": "Task", "Resource": "${Reserve}", "ResultPath": null, "Next": "ChargeCard",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "Next": "Ship",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "Ship": { "Type": "Task", "Resource": "${Ship}", "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "ReleaseStock" },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "${Release}", "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json good
    /// { "ReserveStock": { "Type": "Task", "Resource": "${Reserve}", "ResultPath": null, "Next": "ChargeCard",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "Next": "Ship",
    ///     "Catch": [ { "ErrorEquals": [ "CardRefused" ], "ResultPath": "$.error", "Next": "ReleaseStock" }, { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "Ship": { "Type": "Task", "Resource": "${Ship}", "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "ReleaseStock" },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "${Release}", "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static TIMEOUT_NOT_COMPENSATED = Warning "ASL306" "timeout-not-compensated" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.recovery().is_saga() {
        return;
    }
    for path in failing_paths(cx) {
        let caught = path.edge.is_some() && path.is_unknown_outcome() && !path.goes_on;
        if caught {
            check_caught(cx, path, out);
        }
    }
    for pair in &cx.recovery().pairs {
        let state = cx.outline.state(pair.done_in);
        if is_uncaught(cx, state, "States.Timeout") {
            report_uncaught(cx, state, pair, out);
        }
    }
}

/// A catcher that takes a timeout and leads past the step's own compensation.
fn check_caught<'t>(cx: &Context<'t>, path: &FailingPath<'t>, out: &mut Findings<'_>) {
    let Some(edge) = path.edge else { return };
    let own = cx
        .recovery()
        .pairs_done_by(path.id)
        .map(|(number, _)| number);
    for pair in path.left(cx.recovery(), own) {
        let Some(pair) = cx.recovery().pairs.get(pair) else {
            continue;
        };
        let (effect, undo) = (name(cx, pair.effect), undo_of(cx, pair));
        let message = format!(
            "when `{effect}` times out it may have happened, and this does not compensate it"
        );
        out.report(edge.target.span, message)
            .help(format!(
                "go to `{undo}` instead; catch by name what surely did nothing"
            ))
            .inferred(INFERRED);
    }
}

fn report_uncaught(cx: &Context<'_>, state: &State<'_>, pair: &Pair, out: &mut Findings<'_>) {
    let (effect, undo) = (name(cx, pair.effect), undo_of(cx, pair));
    let message = format!("a timeout of `{effect}` is not caught: it may have happened, and stays");
    out.report(state.name.span, message)
        .help(format!("catch `States.ALL` and go to `{undo}`"))
        .inferred(INFERRED);
}

fn undo_of<'c>(cx: &'c Context<'_>, pair: &Pair) -> &'c str {
    pair.compensations
        .first()
        .map_or("", |undo| name(cx, *undo))
}
