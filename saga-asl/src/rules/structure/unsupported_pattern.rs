use crate::integration::{Known, Pattern, Resource, Service, optimised};
use crate::lint::{Context, Findings, rule};
use crate::model::ExecutionType;
use crate::outline::{Scope, ScopeKind, StateType};
use crate::syntax::Node;

rule! {
    /// A Task waits for a service in a way that is not to be had there.
    ///
    /// Express executions have neither activities nor `.sync` nor `.waitForTaskToken`, and each
    /// integration has only some of the patterns (developer guide, "Service integration patterns").
    ///
    /// ```json bad
    /// { "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem.sync", "Parameters": { "TableName": "t", "Item": {} }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": { "TableName": "t", "Item": {} }, "End": true } }
    /// ```
    pub static UNSUPPORTED_PATTERN = Error "ASL131" "unsupported-pattern" in Structure, check;
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
        let express = is_express(cx, cx.outline.scope(state.scope));
        match state.resource {
            Some(Resource::Activity(_)) if express => {
                out.report(node.span, "an Express execution cannot ask an activity")
                    .help("use a Standard state machine, or a Lambda function");
            }
            Some(Resource::Service(service)) => {
                let pattern = service.pattern;
                if express && matches!(pattern, Pattern::Sync | Pattern::Callback) {
                    let message = format!(
                        "an Express execution cannot wait with `{}`",
                        pattern.suffix()
                    );
                    out.report(node.span, message)
                        .help("use a Standard state machine");
                } else if service.sdk && pattern == Pattern::Sync {
                    unsupported(node, pattern, "an integration through the SDK", out);
                } else if !service.sdk && !has_pattern(&service) {
                    unsupported(node, pattern, service.service, out);
                }
            }
            _ => {}
        }
    }
}

/// Whether an optimised integration offers its pattern. What is not known of it is for other rules.
fn has_pattern(service: &Service<'_>) -> bool {
    match optimised(service) {
        Known::Action(action) if service.pattern != Pattern::Unknown => {
            action.patterns.contains(&service.pattern)
        }
        _ => true,
    }
}

fn unsupported(node: &Node<'_>, pattern: Pattern, what: &str, out: &mut Findings<'_>) {
    out.report(
        node.span,
        format!("`{}` is not to be had for {what}", pattern.suffix()),
    );
}

/// Whether a machine runs in Express executions: as the whole does, but for the items of a
/// distributed Map, whose executions have a type of their own.
fn is_express(cx: &Context<'_>, scope: &Scope<'_>) -> bool {
    if scope.kind == ScopeKind::Distributed {
        let config = scope.node.get("ProcessorConfig");
        return config.and_then(|config| config.text("ExecutionType")) == Some("EXPRESS");
    }
    match scope.parent {
        Some(parent) => is_express(cx, cx.outline.scope_of(parent)),
        None => cx.execution_type == Some(ExecutionType::Express),
    }
}
