use super::task_without_timeout::has_timeout;
use crate::integration::{Pattern, Resource};
use crate::lint::{Context, Findings, rule};
use crate::outline::StateType;

rule! {
    /// A Task waits for a callback, and nothing bounds the wait.
    ///
    /// When nobody sends the token back, the execution waits for a year. A heartbeat alone bounds the
    /// silence of a worker, not its work.
    ///
    /// ```json bad
    /// { "Approve": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": { "QueueUrl": "q", "MessageBody": { "token.$": "$$.Task.Token" } }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Approve": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": { "QueueUrl": "q", "MessageBody": { "token.$": "$$.Task.Token" } }, "TimeoutSeconds": 86400, "End": true } }
    /// ```
    pub static CALLBACK_WITHOUT_TIMEOUT = Warning "ASL311" "callback-without-timeout" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Task))
    {
        let Some(Resource::Service(service)) = state.resource else {
            continue;
        };
        if service.pattern == Pattern::Callback && !has_timeout(state) {
            out.report(
                state.name.span,
                format!("`{}` waits for a callback without a bound", state.name()),
            )
            .help("add `TimeoutSeconds`");
        }
    }
}
