//! `states:startExecution`: a state that starts another state machine of the package.
//!
//! Sources: developer guide, "Call Step Functions"; the shapes and words of answers are those of recorded
//! executions.

use saga_asl::data::Data;
use saga_engine::execution::Status;
use saga_engine::fault::Failure;
use saga_engine::program::{Resource, Service};
use saga_engine::time::Timestamp;

use super::executions::{AlreadyExists, Started, execution_arn};
use crate::services::ServiceFailure;

/// A call of `startExecution`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StartExecution {
    /// The state machine's ARN.
    pub(super) machine: String,
    /// The name that the execution is given.
    pub(super) name: Option<String>,
    pub(super) input: Data,
    /// What the state waits for.
    pub(super) wait: Wait,
}

/// What a state that starts an execution waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Nothing more.
    Started,
    /// The execution's end; its output is text.
    Ended,
    /// The execution's end; its output is JSON: `.sync:2`.
    EndedParsed,
    /// Its token.
    Token,
}

impl StartExecution {
    /// Reads the call, if it is one.
    pub(super) fn read(
        resource: &Resource,
        arguments: &Data,
    ) -> Option<Result<Self, ServiceFailure>> {
        let Service::Integration { kind, action } = &resource.service else {
            return None;
        };
        let wait = match (&**kind, &**action) {
            ("states", "startExecution") => Wait::Started,
            ("states", "startExecution.sync") => Wait::Ended,
            ("states", "startExecution.sync:2") => Wait::EndedParsed,
            ("states", "startExecution.waitForTaskToken") => Wait::Token,
            _ => return None,
        };
        let text = |name: &str| arguments.get(name).and_then(Data::as_str);
        Some(input(arguments.get("Input")).map(|input| Self {
            machine: text("StateMachineArn").unwrap_or_default().to_owned(),
            name: text("Name").map(str::to_owned),
            input,
            wait,
        }))
    }

    /// The state machine's name: the ARN's, without a version or an alias.
    pub(super) fn machine_name(&self) -> &str {
        let name = self.machine.split_once(":stateMachine:");
        let name = name.map_or(self.machine.as_str(), |(_, name)| name);
        name.split(':').next().unwrap_or(name)
    }

    pub(super) fn no_machine(&self) -> ServiceFailure {
        refused(
            "StateMachineDoesNotExist",
            &format!("State Machine Does Not Exist: '{}'", self.machine),
        )
    }

    pub(super) fn refused(&self, _: AlreadyExists) -> ServiceFailure {
        let arn = execution_arn(
            self.machine_name(),
            self.name.as_deref().unwrap_or_default(),
        );
        let message = format!("Execution Already Exists: '{arn}'");
        refused("ExecutionAlreadyExists", &message)
    }
}

/// The input: JSON, or JSON as text. Nothing and `null` are `{}`: recorded.
fn input(given: Option<&Data>) -> Result<Data, ServiceFailure> {
    match given {
        None | Some(Data::Null) => Ok(Data::empty_object()),
        Some(Data::String(text)) => Data::parse(text).map_err(|error| {
            let message = format!("Invalid State Machine Execution Input: '{error}'");
            refused("InvalidExecutionInput", &message)
        }),
        Some(value) => Ok(value.clone()),
    }
}

fn refused(code: &str, message: &str) -> ServiceFailure {
    let name = format!("{code}Exception");
    ServiceFailure::new("StepFunctions", "AWSStepFunctions", &name, code, message)
}

/// The execution that a task asks about with `aws-sdk:sfn:describeExecution`, if it does.
pub(super) fn asked_about<'a>(resource: &Resource, arguments: &'a Data) -> Option<&'a str> {
    match &resource.service {
        Service::Integration { kind, action }
            if (&**kind, &**action) == ("aws-sdk:sfn", "describeExecution") =>
        {
            arguments.get("ExecutionArn").and_then(Data::as_str)
        }
        _ => None,
    }
}

/// What Step Functions says of an execution (API reference, `DescribeExecution`).
pub(super) fn described(started: &Started) -> Data {
    describe(started, false).unwrap_or_else(|| {
        Data::object([
            ("ExecutionArn", Data::from(started.arn().as_str())),
            ("Name", Data::from(&*started.name)),
            ("Status", Data::from("RUNNING")),
        ])
    })
}

/// What the service says on taking the call.
pub(super) fn accepted(started: &Started) -> Data {
    Data::object([
        ("ExecutionArn", Data::from(started.arn().as_str())),
        (
            "SdkHttpMetadata",
            Data::object([("HttpStatusCode", Data::from(200_i64))]),
        ),
        (
            "SdkResponseMetadata",
            Data::object([(
                "RequestId",
                Data::from(crate::identifier::random().as_str()),
            )]),
        ),
        ("StartDate", date(started.at)),
    ])
}

/// What a task that waited for the end is told: the description of the execution, as output or as the cause
/// of `States.TaskFailed`; nothing while the execution runs.
pub(super) fn ended(started: &Started, parsed: bool) -> Option<Result<Data, Failure>> {
    let status = started.status()?;
    let description = describe(started, parsed && status == Status::Succeeded)?;
    Some(match status {
        Status::Succeeded => Ok(description),
        _ => Err(Failure::new("States.TaskFailed", description.to_string())),
    })
}

/// The members in the order of their names, as recorded.
fn describe(started: &Started, parsed: bool) -> Option<Data> {
    let outcome = started.execution.outcome()?;
    let text = |value: &str| Data::from(value);
    let json = |value: &Data| {
        if parsed {
            value.clone()
        } else {
            text(&value.to_string())
        }
    };
    let included = || Data::object([("Included", Data::from(true))]);
    let failure = outcome.failure.as_ref();
    let cause = failure.and_then(|failure| failure.cause.as_deref());
    let error = failure.and_then(|failure| failure.error.as_deref());
    let output = outcome.output.as_ref();
    let succeeded = outcome.status == Status::Succeeded;
    let redrivable = if succeeded {
        "NOT_REDRIVABLE"
    } else {
        "REDRIVABLE"
    };
    let reason = succeeded.then(|| text("Execution is SUCCEEDED and cannot be redriven"));
    let machine = format!(
        "arn:aws:states:{}:{}:stateMachine:{}",
        crate::REGION,
        crate::ACCOUNT,
        started.machine.name
    );
    let members = [
        ("Cause", cause.map(text)),
        ("Error", error.map(text)),
        ("ExecutionArn", Some(text(&started.arn()))),
        ("Input", Some(json(&started.input))),
        ("InputDetails", Some(included())),
        ("Name", Some(text(&started.name))),
        ("Output", output.map(json)),
        ("OutputDetails", output.map(|_| included())),
        ("RedriveCount", Some(Data::from(0_i64))),
        ("RedriveStatus", Some(text(redrivable))),
        ("RedriveStatusReason", reason),
        ("StartDate", Some(date(started.at))),
        ("StateMachineArn", Some(text(&machine))),
        ("Status", Some(text(outcome.status.name()))),
        ("StopDate", started.ended.map(date)),
    ];
    Some(Data::object(
        members
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    ))
}

/// Milliseconds since 1970: recorded.
fn date(at: Timestamp) -> Data {
    Data::from(at.0)
}
