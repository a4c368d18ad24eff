//! Pipes of EventBridge: a message's body is the saga's input.

use saga_manifest::place::Place;
use saga_manifest::trigger::FromQueue;

use super::{starter, starts};
use crate::checked::Package;
use crate::permission::{Property, Resource};
use crate::template::stack::Stack;
use crate::template::{arn, policy, resource, tags};
use crate::yaml::{Yaml, map};

/// What a pipe does with its queue (EventBridge user guide, permissions of pipes).
const RECEIVE: [&str; 3] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];

pub(super) fn add(
    from: &FromQueue,
    id: &str,
    saga: &str,
    package: &Package<'_>,
    place: &Place,
    stack: &mut Stack<'_>,
) {
    let queue = arn::property(
        Resource::Queue(&from.queue),
        Property::Arn,
        &package.resources,
    );
    let machine = Yaml::reference(&starter::id(saga));
    let receive = policy::allow("Receive", RECEIVE, queue.clone());
    let start = policy::allow("Start", ["states:StartSyncExecution"], machine.clone());
    let role = starts(
        id,
        "pipes.amazonaws.com",
        vec![receive, start],
        saga,
        place,
        stack,
    );
    // One message at a time: what cannot be started holds nothing else up.
    let batch = map([("BatchSize", Yaml::from(1_u32))]);
    let invocation = map([("InvocationType", Yaml::from("REQUEST_RESPONSE"))]);
    let target = map([
        ("InputTemplate", Yaml::from("{\"start\": <$.body>}")),
        ("StepFunctionStateMachineParameters", invocation),
    ]);
    let properties = map([
        (
            "Description",
            Yaml::from(format!("Messages in {} start {saga}.", from.queue)),
        ),
        ("RoleArn", role),
        ("Source", queue),
        ("SourceParameters", map([("SqsQueueParameters", batch)])),
        ("Target", machine),
        ("TargetParameters", target),
        ("Tags", tags::as_map(stack.options, Some(saga))),
    ]);
    stack.resource(
        id.to_owned(),
        resource("AWS::Pipes::Pipe", [], properties),
        place,
    );
}
