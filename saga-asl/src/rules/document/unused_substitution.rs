use crate::lint::{Context, Findings, rule};

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
    let Some(embedding) = cx.embedding.filter(|embedding| !embedding.elsewhere) else {
        return;
    };
    for (name, span) in &embedding.substitutions {
        let used = embedding
            .placeholders
            .iter()
            .any(|(placeholder, _)| placeholder == name);
        if !used {
            let message = format!("the definition does not use `${{{name}}}`");
            out.report(*span, message).help("remove it, or use it");
        }
    }
}
