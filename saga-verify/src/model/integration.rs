//! What is known of the services that tasks call.

use saga_asl::data::Data;
use saga_engine::program::{Pattern, Resource, Service};

/// How a service rejects a call before it does anything.
pub(crate) fn throttle(resource: &str) -> Option<&'static str> {
    let resource = Resource::parse(resource);
    match &resource.service {
        Service::Function => Some("Lambda.TooManyRequestsException"),
        Service::Integration { kind, .. } => match &**kind {
            "lambda" => Some("Lambda.TooManyRequestsException"),
            "dynamodb" => Some("DynamoDB.ThrottlingException"),
            "sns" => Some("SNS.ThrottledException"),
            "sqs" => Some("SQS.RequestThrottledException"),
            "states" => Some("StepFunctions.ThrottlingException"),
            "aws-sdk:sfn" => Some("Sfn.ThrottlingException"),
            _ => None,
        },
        Service::Activity => None,
    }
}

/// How it shows that what was called died before it could answer.
pub(crate) fn crash(resource: &str) -> String {
    let resource = Resource::parse(resource);
    match &resource.service {
        Service::Function => "Lambda.Unknown".to_owned(),
        Service::Integration { kind, .. } => match &**kind {
            "lambda" => "Lambda.Unknown".to_owned(),
            "dynamodb" => "DynamoDB.InternalServerErrorException".to_owned(),
            "sns" => "SNS.InternalErrorException".to_owned(),
            "sqs" => "SQS.SdkClientException".to_owned(),
            _ => "States.TaskFailed".to_owned(),
        },
        Service::Activity => "States.TaskFailed".to_owned(),
    }
}

/// Whether a task calls a function.
pub(crate) fn is_function(resource: &str) -> bool {
    match &Resource::parse(resource).service {
        Service::Function => true,
        Service::Integration { kind, .. } => &**kind == "lambda",
        Service::Activity => false,
    }
}

/// What an integration wraps around a payload.
pub(crate) fn answer(resource: &str, payload: Data) -> Data {
    let resource = Resource::parse(resource);
    let Service::Integration { kind, action } = &resource.service else {
        return payload;
    };
    match (&**kind, &**action, resource.pattern) {
        ("lambda", "invoke", Pattern::RequestResponse) => Data::object([
            ("ExecutedVersion", Data::from("$LATEST")),
            ("Payload", payload),
            ("StatusCode", Data::from(200_i64)),
        ]),
        ("sns", ..) | ("sqs", ..) => Data::object([("MessageId", Data::from("message"))]),
        ("dynamodb", "getItem", _) => Data::object([("Item", payload)]),
        ("dynamodb", ..) => Data::empty_object(),
        _ => payload,
    }
}

/// The name under which Step Functions says that there is no such execution.
pub(crate) const NEVER_STARTED: &str = "Sfn.ExecutionDoesNotExistException";

/// What `aws-sdk:sfn:describeExecution` says of an execution that gave this answer: its output is text.
pub(crate) fn described(completed: &Data) -> Data {
    let output = completed.get("Output").cloned().unwrap_or_default();
    Data::object([
        ("Output", Data::from(output.to_string().as_str())),
        ("Status", Data::from("SUCCEEDED")),
    ])
}

/// The same of one that failed with an error.
pub(crate) fn failed(error: &str) -> Data {
    Data::object([
        ("Error", Data::from(error)),
        ("Status", Data::from("FAILED")),
    ])
}

/// What `states:startExecution.sync:2` answers of an execution that succeeded (API reference,
/// `DescribeExecution`, with the output as JSON).
pub(crate) fn completed(output: Data) -> Data {
    Data::object([
        (
            "ExecutionArn",
            Data::from("arn:aws:states:us-east-1:123456789012:execution:Child:child"),
        ),
        ("Output", output),
        ("Status", Data::from("SUCCEEDED")),
    ])
}
