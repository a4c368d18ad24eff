use crate::lint::{Context, Findings, did_you_mean, rule};

rule! {
    /// A definition uses `${Name}`, and the template's `DefinitionSubstitutions` do not have it.
    ///
    /// The text stays as it is, and the state machine is created with `${Name}` in it, or refused.
    ///
    /// ```yaml bad
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties:
    ///       DefinitionSubstitutions: {ChargeArn: x}
    ///       Definition:
    ///         StartAt: Charge
    ///         States:
    ///           Charge: {Type: Task, Resource: "${ChargArn}", End: true}
    /// ```
    ///
    /// ```yaml good
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties:
    ///       DefinitionSubstitutions: {ChargeArn: x}
    ///       Definition:
    ///         StartAt: Charge
    ///         States:
    ///           Charge: {Type: Task, Resource: "${ChargeArn}", End: true}
    /// ```
    pub static UNDEFINED_SUBSTITUTION = Error "ASL020" "undefined-substitution" in Document, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(embedding) = cx.embedding else {
        return;
    };
    let names = || {
        embedding
            .substitutions
            .iter()
            .map(|(name, _)| name.as_str())
    };
    for (placeholder, span) in &embedding.placeholders {
        if names().any(|name| name == placeholder) {
            continue;
        }
        let message = format!("`DefinitionSubstitutions` has no `{placeholder}`");
        let help = match did_you_mean(placeholder, names()) {
            Some(near) => format!("did you mean `${{{near}}}`?"),
            None => format!("add `{placeholder}` to `DefinitionSubstitutions`"),
        };
        out.report(*span, message).help(help);
    }
}
