use super::invalid_path::{is_in_filter, place};
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
        if let (Parsed::Call(_), Some(text)) = (&expression.parsed, expression.slot.node.as_str()) {
            if let Some((at, message)) = wrong_text(text) {
                out.report(place(cx, expression.slot.node, at), message);
            }
            continue;
        }
        let Parsed::Broken {
            meant: Language::PathOrCall,
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

/// What AWS refuses in the text of a call that is fine otherwise: blanks before it, and escapes
/// other than those of `'`, `{`, `}` and the backslash itself (States Language specification,
/// "Intrinsic Functions").
fn wrong_text(text: &str) -> Option<(usize, String)> {
    if text.starts_with(char::is_whitespace) {
        return Some((0, "an intrinsic function has no blank before it".to_owned()));
    }
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped && !matches!(character, '\'' | '{' | '}' | '\\') {
            return Some((at, format!("`\\{character}` is not an escape")));
        }
        escaped = character == '\\' && !escaped;
    }
    None
}
