use crate::lint::{Context, Findings, Parsed, rule};
use crate::schema::Language;
use crate::syntax::{Node, Span};

rule! {
    /// A string is not a path where one must stand.
    ///
    /// Paths begin with `$`, `$$` (the context object) or `$name` (a variable), in the dialect of
    /// Jayway JSONPath.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "InputPath": "order.id", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "InputPath": "$.order.id", "End": true } }
    /// ```
    pub static INVALID_PATH = Error "ASL120" "invalid-path" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for expression in &cx.expressions {
        let Parsed::Broken {
            meant: Language::Path,
            at,
            message,
        } = &expression.parsed
        else {
            continue;
        };
        let text = expression.slot.node.as_str().unwrap_or_default();
        if is_in_filter(text, *at) {
            continue;
        }
        out.report(
            place(cx, expression.slot.node, *at),
            format!("`{text}` is no path: {message}"),
        );
    }
}

/// The character where an expression is wrong.
pub(super) fn place(cx: &Context<'_>, node: &Node<'_>, at: usize) -> Span {
    let text = node.as_str().unwrap_or_default();
    let length = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    if length == 0 {
        node.span
    } else {
        node.span_within(cx.source, at, at + length)
    }
}

/// Whether a place is inside a filter. AWS reads filters only when they run, and takes some that
/// no grammar has, such as comparisons with unquoted words.
pub(super) fn is_in_filter(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or(text);
    before
        .rfind("[?")
        .is_some_and(|open| !before.get(open..).unwrap_or_default().contains(")]"))
}
