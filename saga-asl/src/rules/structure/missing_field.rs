use crate::lint::{Context, Findings, rule};
use crate::schema::Departure;
use crate::syntax::{Node, Span};

rule! {
    /// A field is missing that must be there.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "End": true } }
    /// ```
    pub static MISSING_FIELD = Error "ASL101" "missing-field" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for misfit in &cx.misfits {
        let (what, missing) = match &misfit.departure {
            Departure::Missing(record, field) => (record.what, format!("`{field}`")),
            Departure::MissingOneOf(record, fields) => (record.what, one_of(fields)),
            _ => continue,
        };
        out.report(head(misfit.node), format!("{what} needs {missing}"))
            .help(format!("add {missing}"));
    }
    for state in cx.outline.states() {
        if state.get("Type").is_none() {
            out.report(
                state.name.span,
                format!("the state `{}` needs `Type`", state.name()),
            )
            .help("add `Type`");
        }
    }
}

fn one_of(fields: &[&str]) -> String {
    format!("one of `{}`", fields.join("`, `"))
}

/// The first character of an object: enough to show which one is meant.
fn head(node: &Node<'_>) -> Span {
    Span::new(node.span.start, node.span.end.min(node.span.start + 1))
}
