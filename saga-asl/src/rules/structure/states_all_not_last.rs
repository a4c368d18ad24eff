use crate::lint::{Context, Findings, rule};
use crate::outline::State;
use crate::syntax::Node;

rule! {
    /// A retrier or catcher follows the one of `States.ALL`.
    ///
    /// The first that matches counts, so whatever stands behind `States.ALL` is never reached
    /// (States Language specification, "Errors").
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Failed" }, { "ErrorEquals": [ "Refused" ], "Next": "Failed" } ], "End": true }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Catch": [ { "ErrorEquals": [ "Refused" ], "Next": "Failed" }, { "ErrorEquals": [ "States.ALL" ], "Next": "Failed" } ], "End": true }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static STATES_ALL_NOT_LAST = Error "ASL141" "states-all-not-last" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx.outline.states() {
        check_entries(state.retriers(), "retrier", out);
        check_entries(state.catchers(), "catcher", out);
    }
}

fn check_entries(entries: &[Node<'_>], what: &str, out: &mut Findings<'_>) {
    let Some((_, before_last)) = entries.split_last() else {
        return;
    };
    for entry in before_last {
        if let Some((_, node)) = State::error_names(entry).find(|(name, _)| *name == "States.ALL") {
            out.report(
                node.span,
                format!("`States.ALL` must be in the last {what}"),
            )
            .help(format!(
                "move this {what} behind the others, which are never reached now"
            ));
        }
    }
}
