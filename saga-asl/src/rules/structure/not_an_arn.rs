use super::invalid_resource::HELP;
use crate::integration::Resource;
use crate::lint::{Context, Findings, rule};
use crate::outline::StateType;

rule! {
    /// A Task's `Resource` is no ARN.
    ///
    /// AWS takes only ARNs. It may be a stand-in that your deployment replaces: then write it as a
    /// placeholder, `${ChargeArn}`, so that both people and tools can tell.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "ChargeFunction", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "${ChargeFunctionArn}", "End": true } }
    /// ```
    pub static NOT_AN_ARN = Warning "ASL133" "not-an-arn" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Task))
    {
        let Some(node) = state.get("Resource").filter(|node| !node.is_opaque()) else {
            continue;
        };
        if let Some(Resource::NoArn(text)) = state.resource {
            out.report(node.span, format!("`{text}` is no ARN"))
                .help(HELP);
        }
    }
}
