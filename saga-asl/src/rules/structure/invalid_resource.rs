use crate::integration::{Known, Pattern, Resource, Service, optimised};
use crate::lint::{Context, Findings, did_you_mean, rule};
use crate::outline::StateType;
use crate::syntax::Node;

rule! {
    /// A Task's `Resource` is nothing that a Task can ask for.
    ///
    /// It is the ARN of a Lambda function, of an activity, or of a service integration
    /// (`arn:aws:states:::service:action`, or `arn:aws:states:::aws-sdk:service:action`).
    ///
    /// ```json bad
    /// { "Find": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:query", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Find": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "End": true } }
    /// ```
    pub static INVALID_RESOURCE = Error "ASL130" "invalid-resource" in Structure, check;
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
        let Some(resource) = state.resource else {
            continue;
        };
        match resource {
            Resource::Function(_) | Resource::Activity(_) => {}
            Resource::Service(service) => check_service(&service, node, out),
            Resource::OtherArn(text) => {
                out.report(node.span, format!("no Task can ask for `{text}`"))
                    .help(HELP);
            }
            Resource::NoArn(text) if text.contains("${") => {
                out.report(node.span, "the placeholder has no `}`")
                    .help("close it");
            }
            // A rule of its own: deployment may put the ARN in its place.
            Resource::NoArn(_) => {}
        }
    }
}

pub(super) const HELP: &str =
    "name a Lambda function, an activity or a service integration by its ARN";

fn check_service(service: &Service<'_>, node: &Node<'_>, out: &mut Findings<'_>) {
    let Service {
        service: name,
        action,
        sdk,
        pattern,
    } = *service;
    if pattern == Pattern::Unknown {
        out.report(node.span, "there is no such integration pattern")
            .help("end with `.sync`, `.sync:2` or `.waitForTaskToken`, or with nothing");
    } else if action.is_empty() {
        out.report(node.span, "the resource names no action of the service");
    } else if sdk {
        check_sdk(action, node, out);
    } else {
        match optimised(service) {
            Known::Action(_) | Known::Unlisted => {}
            Known::NoService => {
                out.report(node.span, format!("there is no integration of `{name}`"))
                    .help(format!(
                        "call it through the SDK: `aws-sdk:{name}:{action}`"
                    ));
            }
            Known::NoAction(actions) => {
                let near = did_you_mean(action, actions.iter().map(|action| action.name));
                let help = near.map_or_else(
                    || format!("call it through the SDK: `aws-sdk:{name}:{action}`"),
                    |near| format!("did you mean `{near}`?"),
                );
                out.report(
                    node.span,
                    format!("the integration of `{name}` has no `{action}`"),
                )
                .help(help);
            }
        }
    }
}

fn check_sdk(action: &str, node: &Node<'_>, out: &mut Findings<'_>) {
    if action.starts_with(|first: char| first.is_uppercase()) {
        let mut lower = action.to_owned();
        if let Some(first) = lower.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        out.report(
            node.span,
            format!("the action `{action}` begins with a capital"),
        )
        .help(format!("write `{lower}`"));
    }
}
