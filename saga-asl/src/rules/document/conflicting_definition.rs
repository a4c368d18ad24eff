use crate::lint::{Context, Findings, rule};

rule! {
    /// A state machine of a template has two definitions.
    ///
    /// `Definition`, `DefinitionUri` and `DefinitionString` exclude each other; the deployment fails.
    ///
    /// ```yaml bad
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties:
    ///       DefinitionUri: orders.asl.json
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
    pub static CONFLICTING_DEFINITION = Error "ASL022" "conflicting-definition" in Document, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let conflicts = cx
        .embedding
        .map_or(&[][..], |embedding| &embedding.conflicts);
    for (message, help, span) in conflicts {
        out.report(*span, message.clone()).help(help.clone());
    }
}
