use crate::integration::{Resource, Service};
use crate::lint::{Context, Findings, rule};
use crate::outline::{State, StateType};
use crate::words::Words;

rule! {
    /// A Lambda function seems only to call a service that Step Functions can call itself.
    ///
    /// The integration is cheaper, has no cold start and no code to keep up to date.
    ///
    /// ```json bad
    /// { "PublishMessage": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "publish-to-sns" }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "PublishMessage": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": { "TopicArn": "${Topic}", "Message": "done" }, "End": true } }
    /// ```
    pub static LAMBDA_FOR_SERVICE = Note "ASL402" "lambda-for-service" in Habit, check;
}

/// A word of the service, a word of the action, and the integration.
const SERVICES: [(&str, &[&str], &str); 8] = [
    ("sns", &["publish", "send", "notify"], "sns:publish"),
    (
        "sqs",
        &["send", "enqueue", "queue", "push"],
        "sqs:sendMessage",
    ),
    (
        "eventbridge",
        &["put", "publish", "send", "emit"],
        "events:putEvents",
    ),
    (
        "dynamodb",
        &["put", "get", "update", "delete", "write", "read", "save"],
        "dynamodb:putItem and its like",
    ),
    (
        "dynamo",
        &["put", "get", "update", "delete", "write", "read", "save"],
        "dynamodb:putItem and its like",
    ),
    (
        "s3",
        &["put", "get", "copy", "delete", "list", "upload"],
        "aws-sdk:s3",
    ),
    ("glue", &["start", "run"], "glue:startJobRun"),
    (
        "athena",
        &["query", "start", "run"],
        "athena:startQueryExecution",
    ),
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Task))
    {
        let Some(function) = function_name(state) else {
            continue;
        };
        let function = Words::of(function);
        let speaks_of = |word: &str| function.contain(word) || state.words.contain(word);
        let service = SERVICES.iter().find(|(service, actions, _)| {
            speaks_of(service) && actions.iter().any(|action| speaks_of(action))
        });
        if let Some((_, _, integration)) = service {
            out.report(
                state.name.span,
                format!(
                    "the function of `{}` seems only to call a service",
                    state.name()
                ),
            )
            .help(format!("use the integration `{integration}`"))
            .inferred("the names of the state and of the function");
        }
    }
}

/// The name of the function that a Task invokes.
fn function_name<'t>(state: &State<'t>) -> Option<&'t str> {
    match state.resource? {
        Resource::Function(arn) => arn.rsplit(':').next(),
        Resource::Service(Service {
            service: "lambda", ..
        }) => {
            let arguments = state.get("Parameters").or_else(|| state.get("Arguments"))?;
            arguments.text("FunctionName")
        }
        _ => None,
    }
}
