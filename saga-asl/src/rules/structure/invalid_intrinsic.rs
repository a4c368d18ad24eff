use super::invalid_path::place;
use crate::lint::{Context, Findings, Parsed, rule};
use crate::schema::Language;

rule! {
    /// A field whose name ends in `.$` holds neither a path nor an intrinsic function.
    ///
    /// Functions have fixed names and numbers of arguments; strings in them stand in single quotes.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "Parameters": { "id.$": "States.UUID($.seed)" }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "Parameters": { "id.$": "States.UUID()" }, "End": true } }
    /// ```
    pub static INVALID_INTRINSIC = Error "ASL122" "invalid-intrinsic" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for expression in &cx.expressions {
        let Parsed::Broken {
            meant: Language::PathOrCall,
            at,
            message,
        } = &expression.parsed
        else {
            continue;
        };
        let text = expression.slot.node.as_str().unwrap_or_default();
        let what = if text.starts_with('$') {
            "path"
        } else {
            "path or intrinsic function"
        };
        out.report(
            place(cx, expression.slot.node, *at),
            format!("`{text}` is no {what}: {message}"),
        );
    }
}
