use super::lookup::{Why, absent, name};
use crate::lint::{Context, Findings, rule};

rule! {
    /// A catcher replaces the state's data by the error, and a later state reads the data.
    ///
    /// Without `ResultPath` (in JSONata without `Output`), the error's name and cause are all that is
    /// left. An undo behind it finds nothing to undo and fails.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge", "Payload": { "id.$": "$.orderId" } }, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Refund" } ] },
    ///   "Refund": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "refund", "Payload": { "id.$": "$.orderId" } }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge", "Payload": { "id.$": "$.orderId" } }, "End": true,
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "ResultPath": "$.error", "Next": "Refund" } ] },
    ///   "Refund": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "refund", "Payload": { "id.$": "$.orderId" } }, "End": true } }
    /// ```
    pub static CATCH_CLOBBERS_DATA = Warning "ASL204" "catch-clobbers-data" in DataFlow, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for absent in absent(cx) {
        let Why::Clobbered(by) = absent.why else {
            continue;
        };
        let state = cx.outline.state(by);
        let path = absent.read.fields.join(".");
        let message = format!(
            "a catcher of `{}` replaced the data by the error, and `{path}` with it",
            state.name()
        );
        let help = if state.is_jsonata() {
            "give the catcher an `Output` that keeps the input, or use a variable".to_owned()
        } else {
            format!(
                "give the catcher of `{}` a `ResultPath`, such as `$.error`",
                name(cx, by)
            )
        };
        out.report(absent.read.span, message).help(help);
    }
}
