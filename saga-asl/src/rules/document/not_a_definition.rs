use crate::lint::{Context, Findings, rule};
use crate::syntax::Syntax;

rule! {
    /// The text is not a state machine at all.
    ///
    /// A definition is an object with `StartAt` and `States`.
    ///
    /// ```json bad
    /// [ "not", "a", "definition" ]
    /// ```
    ///
    /// ```json good
    /// { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
    /// ```
    pub static NOT_A_DEFINITION = Error "ASL003" "not-a-definition" in Document, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let root = cx.outline.root;
    if root.is_object() || matches!(root.syntax, Syntax::Invalid | Syntax::Placeholder(_)) {
        return;
    }
    let message = format!("a definition is an object, and this is {}", root.kind());
    out.report(root.span, message)
        .help("write an object with `StartAt` and `States`");
}
