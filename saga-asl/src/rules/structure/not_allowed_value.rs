use crate::lint::{Context, Edit, Findings, did_you_mean, rule};
use crate::schema::Departure;
use crate::syntax::Node;

rule! {
    /// A value is none of those that its field may have.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Retry": [ { "ErrorEquals": [ "States.ALL" ], "JitterStrategy": "HALF" } ], "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Retry": [ { "ErrorEquals": [ "States.ALL" ], "JitterStrategy": "FULL" } ], "End": true } }
    /// ```
    pub static NOT_ALLOWED_VALUE = Error "ASL104" "not-allowed-value" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for misfit in &cx.misfits {
        if let (Departure::NotAllowed(allowed), Some(member)) = (&misfit.departure, misfit.member) {
            report(cx, &member.name.text, misfit.node, allowed, out);
        }
    }
}

fn report(
    cx: &Context<'_>,
    field: &str,
    node: &Node<'_>,
    allowed: &[&str],
    out: &mut Findings<'_>,
) {
    let written = node.span.text(cx.source);
    let message = format!(
        "`{field}` may not be `{}`",
        node.as_str().unwrap_or(written)
    );
    let finding = out
        .report(node.span, message)
        .help(format!("write `{}`", allowed.join("` or `")));
    let near = node
        .as_str()
        .and_then(|text| did_you_mean(text, allowed.iter().copied()));
    if let (Some(near), Some(text)) = (near, node.as_str()) {
        let certain = near.eq_ignore_ascii_case(text) && !text.is_empty();
        if certain {
            let edit = Edit {
                span: node.span,
                text: written.replace(text, near),
            };
            finding.fix(format!("write `{near}`"), vec![edit]);
        }
    }
}
