use crate::lint::{Context, Finding, Findings, rule};
use crate::syntax::Span;

rule! {
    /// `DefinitionSubstitutions` have a name that the definition does not use.
    ///
    /// Often the definition spells it differently, and the value never arrives.
    ///
    /// ```yaml bad
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties:
    ///       DefinitionSubstitutions: {ChargeArn: x}
    ///       Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
    /// ```
    ///
    /// ```yaml good
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties:
    ///       Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
    /// ```
    pub static UNUSED_SUBSTITUTION = Warning "ASL021" "unused-substitution" in Document, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Some(embedding) = cx.embedding.filter(|embedding| !embedding.elsewhere) {
        unused(&embedding.substitutions, &embedding.placeholders, out);
    }
}

type Names = [(String, Span)];

fn unused(substitutions: &Names, placeholders: &Names, out: &mut Findings<'_>) {
    for (name, span) in substitutions {
        let used = placeholders
            .iter()
            .any(|(placeholder, _)| placeholder == name);
        if !used {
            let message = format!("the definition does not use `${{{name}}}`");
            out.report(*span, message).help("remove it, or use it");
        }
    }
}

/// The same for a definition in a file of its own; the findings are the template's.
pub fn report(substitutions: &Names, placeholders: &Names) -> Vec<Finding> {
    let mut found = Vec::new();
    unused(
        substitutions,
        placeholders,
        &mut Findings::new(&UNUSED_SUBSTITUTION, &mut found),
    );
    found
}
