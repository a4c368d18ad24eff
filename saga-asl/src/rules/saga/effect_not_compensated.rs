use super::failing_path::{FailingPath, INFERRED, failing_paths, left_by_others, names};
use crate::lint::{Context, Findings, rule};

rule! {
    /// A failure ends the execution, and an effect that was made before stays.
    ///
    /// A catcher leads straight to a Fail state, or there is no catcher at all, though states exist
    /// that would compensate: the customer stays charged, the stock reserved.
    ///
    /// ```json bad
    /// { "ReserveStock": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "reserve" }, "ResultPath": null, "Next": "ChargeCard",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ChargeCard": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "Failed" } ] },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "release" }, "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json good
    /// { "ReserveStock": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "reserve" }, "ResultPath": null, "Next": "ChargeCard",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ChargeCard": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "ResultPath": null, "Next": "Done",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "ReleaseStock" } ] },
    ///   "ReleaseStock": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "release" }, "ResultPath": null, "Next": "Failed" },
    ///   "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static EFFECT_NOT_COMPENSATED = Warning "ASL301" "effect-not-compensated" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let recovery = cx.recovery();
    if !recovery.is_saga() {
        return;
    }
    for path in failing_paths(cx) {
        let left = left_by_others(path, recovery);
        if !left.is_empty() && !path.compensates(recovery) {
            report(cx, path, &left, out);
        }
    }
}

fn report<'t>(cx: &Context<'t>, path: &FailingPath<'t>, left: &[usize], out: &mut Findings<'_>) {
    let (effects, undos) = names(cx, left);
    let state = path.state(cx).name();
    let (span, message, help) = match path.edge {
        Some(edge) => (
            edge.target.span,
            format!("when `{state}` fails, this ends without compensating {effects}"),
            format!("go to {undos} instead"),
        ),
        None => (
            path.state(cx).name.span,
            format!(
                "when `{state}` fails with what it does not catch, nothing compensates {effects}"
            ),
            format!("catch `States.ALL` and go to {undos}"),
        ),
    };
    out.report(span, message).help(help).inferred(INFERRED);
}
