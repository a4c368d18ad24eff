use super::invalid_path::place;
use crate::jsonpath::Root;
use crate::lint::{Context, Expression, Findings, Parsed, rule};
use crate::schema::Language;

rule! {
    /// `ResultPath` must name one place in the input.
    ///
    /// A reference path has only names and indexes: no wildcard, slice, filter or function, and it
    /// cannot lead into the context object or a variable.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "ResultPath": "$.orders[*].id", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "ResultPath": "$.orders[0].id", "End": true } }
    /// ```
    pub static INVALID_REFERENCE_PATH = Error "ASL121" "invalid-reference-path" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let of_references = cx
        .expressions
        .iter()
        .filter(|expression| expression.slot.language == Language::ReferencePath);
    for expression in of_references {
        let text = expression.slot.node.as_str().unwrap_or_default();
        let Some((at, reason)) = wrong(expression) else {
            continue;
        };
        let span = place(cx, expression.slot.node, at);
        out.report(span, format!("`{text}` is no reference path: {reason}"))
            .help("name one place, such as `$.order.payment`");
    }
}

fn wrong(expression: &Expression<'_>) -> Option<(usize, String)> {
    match &expression.parsed {
        Parsed::Broken { at, message, .. } => Some((*at, message.clone())),
        Parsed::Path(path) if *path.root() != Root::Input => {
            Some((0, "it must begin with `$`, the input".to_owned()))
        }
        Parsed::Path(path) if !path.is_reference() => Some((
            usize::MAX,
            "it may name more than one place, or none".to_owned(),
        )),
        _ => None,
    }
}
