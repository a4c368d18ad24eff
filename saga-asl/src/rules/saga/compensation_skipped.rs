use super::failing_path::{FailingPath, INFERRED, failing_paths, left_by_others, names};
use crate::lint::{Context, Findings, rule};
use crate::recovery::Recovery;

rule! {
    /// A failure compensates some of the effects made before, and leaves others.
    ///
    /// The chain of undos begins too late or misses a link.
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
