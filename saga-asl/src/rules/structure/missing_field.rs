use crate::lint::{Context, Edit, Findings, rule};
use crate::outline::State;
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
    let states = cx.outline.states().iter();
    states
        .filter(|state| state.get("Type").is_none())
        .for_each(|state| without_type(cx, state, out));
}

/// A state without a type, unless the field is there in another spelling.
fn without_type(cx: &Context<'_>, state: &State<'_>, out: &mut Findings<'_>) {
    let members = state.node.members().iter();
    let spelt = members
        .map(|member| &member.name)
        .find(|name| name.text.eq_ignore_ascii_case("Type"));
    let message = format!("the state `{}` needs `Type`", state.name());
    match spelt {
        None => {
            out.report(state.name.span, message).help("add `Type`");
        }
        Some(name) => {
            let text = name
                .span
                .text(cx.source)
                .replace(name.text.as_ref(), "Type");
            out.report(name.span, message)
                .help("write `Type`: names are case-sensitive")
                .fix(
                    "write `Type`",
                    vec![Edit {
                        span: name.span,
                        text,
                    }],
                );
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
