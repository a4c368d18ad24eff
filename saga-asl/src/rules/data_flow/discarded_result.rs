use super::lookup::{Why, absent, name};
use super::undefined_variable::{might_set, unset};
use crate::lint::{Context, Findings, rule};

rule! {
    /// A result is thrown away, and a later state reads it.
    ///
    /// `"ResultPath": null` drops the result; so does a JSONata state that neither assigns it nor
    /// puts it into its `Output`. An undo that needs it fails.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "ResultPath": null, "Next": "Ship" },
    ///   "Ship": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "ship", "Payload": { "id.$": "$.charge.id" } }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "ResultSelector": { "id.$": "$.Payload.id" }, "ResultPath": "$.charge", "Next": "Ship" },
    ///   "Ship": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "ship", "Payload": { "id.$": "$.charge.id" } }, "End": true } }
    /// ```
    pub static DISCARDED_RESULT = Warning "ASL203" "discarded-result" in DataFlow, check;
}

const INFERRED: &str = "the names of the state and of what is read";

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for absent in absent(cx) {
        let Why::Discarded(by) = absent.why else {
            continue;
        };
        let (by, reader) = (name(cx, by), name(cx, absent.state));
        let path = absent.read.fields.join(".");
        out.report(
            absent.read.span,
            format!("`{reader}` reads `{path}`, and the result of `{by}` is thrown away"),
        )
        .help(if cx.outline.state(absent.state).is_jsonata() {
            format!("put `$states.result` into the `Output` of `{by}`, or into its `Assign`")
        } else {
            format!("give `{by}` a `ResultPath` instead of null")
        })
        .inferred(INFERRED);
    }
    for (state, variable, read) in unset(cx) {
        let Some(by) = might_set(cx, state, &variable) else {
            continue;
        };
        let (by, reader) = (name(cx, by), name(cx, state));
        out.report(
            read.span,
            format!("`{reader}` reads `${variable}`, and the result of `{by}` is thrown away"),
        )
        .help(format!("set `{variable}` in the `Assign` of `{by}`"))
        .inferred(INFERRED);
    }
}
