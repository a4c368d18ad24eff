use super::lookup::{Absent, Why, absent, name};
use crate::lint::{Context, Findings, rule};

rule! {
    /// A path reads what nobody can have produced.
    ///
    /// The state fails with `States.Runtime`, which nothing catches: everything done so far stays
    /// done. An execution's input may hold anything, so where a field might be input, the finding
    /// says what it was inferred from.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "Parameters": { "chargeId.$": "$.id" }, "Next": "Refund" },
    ///   "Refund": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "refund", "Payload": { "id.$": "$.paymentId" } }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "Parameters": { "chargeId.$": "$.id" }, "Next": "Refund" },
    ///   "Refund": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "refund", "Payload": { "id.$": "$.chargeId" } }, "End": true } }
    /// ```
    pub static UNDEFINED_PATH = Warning "ASL201" "undefined-path" in DataFlow, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for absent in absent(cx) {
        let Some((reason, help)) = explain(cx, absent) else {
            continue;
        };
        let path = absent.read.fields.join(".");
        let finding = out.report(
            absent.read.span,
            format!("nothing produces `{path}`: {reason}"),
        );
        finding.help(help);
        if absent.why.is_inferred() {
            finding.inferred("what the other states read and write");
        }
    }
}

fn explain(cx: &Context<'_>, absent: &Absent) -> Option<(String, String)> {
    let field = absent.read.fields.first()?;
    Some(match &absent.why {
        Why::NotBuilt(by) => {
            let by = name(cx, *by);
            (
                format!("`{by}` makes an object without it"),
                format!("add it in `{by}`, or read what is there"),
            )
        }
        Why::Wrapped(by) => (
            format!(
                "the Lambda integration wraps the answer of `{}`",
                name(cx, *by)
            ),
            "the function's answer is in `Payload`".to_owned(),
        ),
        Why::NotOnThisWay(by) => {
            let by = name(cx, *by);
            (
                format!("`{by}` does, but has not on some way here"),
                format!("read it only behind `{by}`, or test for it in a Choice"),
            )
        }
        Why::Misspelt(near) => (
            format!("there is no `{field}`"),
            format!("did you mean `{near}`?"),
        ),
        Why::Elsewhere(by) => {
            let help = if cx.outline.state(*by).is_jsonata() {
                format!("put `{field}` into its `Output`, or read what it writes")
            } else {
                format!("set its `ResultPath` to `$.{field}`, or read what it writes")
            };
            (
                format!("`{}` puts its result elsewhere", name(cx, *by)),
                help,
            )
        }
        Why::Nowhere => (
            "no state writes it, and no other reads it".to_owned(),
            "check the name; if it is input of the execution, suppress this with that reason"
                .to_owned(),
        ),
        Why::Clobbered(_) | Why::Discarded(_) => return None,
    })
}
