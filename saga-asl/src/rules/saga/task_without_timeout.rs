use crate::integration::{Pattern, Resource};
use crate::lint::{Context, Findings, rule};
use crate::outline::{State, StateType};
use crate::syntax::Node;

rule! {
    /// A Task has no timeout.
    ///
    /// Without one it may wait a year for a worker that died, and the execution with it. A Lambda
    /// function has a limit of its own, but the Task then learns of it as an error without a name.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "TimeoutSeconds": 30, "End": true } }
    /// ```
    pub static TASK_WITHOUT_TIMEOUT = Warning "ASL310" "task-without-timeout" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Task))
    {
        if !has_timeout(state) && waits(state) {
            out.report(
                state.name.span,
                format!("the task `{}` has no timeout", state.name()),
            )
            .help("add `TimeoutSeconds`");
        }
    }
}

pub(super) fn has_timeout(state: &State<'_>) -> bool {
    state.get("TimeoutSeconds").is_some() || state.get("TimeoutSecondsPath").is_some()
}

/// Whether the work may take long: an API call of AWS answers or fails within a minute by itself.
/// Callbacks have a rule of their own.
fn waits(state: &State<'_>) -> bool {
    match state.resource {
        Some(Resource::Function(_) | Resource::Activity(_)) => true,
        Some(Resource::Service(service)) => match service.pattern {
            Pattern::Sync => true,
            Pattern::RequestResponse => service.service == "lambda",
            Pattern::Callback | Pattern::Unknown => false,
        },
        // What deployment fills in whole is the ARN of a function or an activity.
        _ => state.get("Resource").is_some_and(Node::is_placeholder),
    }
}
