use super::failing_path::INFERRED;
use crate::lint::{Context, Findings, rule};

rule! {
    /// The whole machine has a timeout, which can stop it in the middle of its compensations.
    ///
    /// Nothing catches it: the execution ends with `States.Timeout`, and what was done stays done.
    /// Bound the tasks and waits instead, whose timeouts can be caught.
    ///
    /// ```json bad
    /// { "StartAt": "ChargeCard", "TimeoutSeconds": 600, "States": {
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "ResultPath": null, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "ResultPath": null, "Next": "Failed" }, "Failed": { "Type": "Fail" } } }
    /// ```
    ///
    /// ```json good
    /// { "StartAt": "ChargeCard", "States": {
    ///   "ChargeCard": { "Type": "Task", "Resource": "${Charge}", "TimeoutSeconds": 30, "ResultPath": null, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "RefundCard" } ] },
    ///   "RefundCard": { "Type": "Task", "Resource": "${Refund}", "TimeoutSeconds": 30, "ResultPath": null, "Next": "Failed" }, "Failed": { "Type": "Fail" } } }
    /// ```
    pub static TOP_LEVEL_TIMEOUT = Warning "ASL308" "top-level-timeout" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let timeout = cx
        .outline
        .root
        .member("TimeoutSeconds")
        .filter(|_| cx.recovery().is_saga());
    if let Some(member) = timeout {
        out.report(
            member.name.span,
            "this timeout cannot be caught, and strands the compensations",
        )
        .help("remove it, and give every task and wait a bound of its own")
        .inferred(INFERRED);
    }
}
