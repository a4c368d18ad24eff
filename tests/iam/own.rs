//! What AWS does by itself under a role, which no call of ours shows.

use serde_json::Value;

use crate::granted::{Grants, list, of_type, target};

/// Actions, and why a role needs them.
struct Own {
    actions: &'static [&'static str],
    why: &'static str,
}

/// On the function's own log group.
const LOGS: Own = Own {
    actions: &["logs:CreateLogStream", "logs:PutLogEvents"],
    why: "Lambda writes what a function prints under the function's role (Lambda developer guide, \"CloudWatch Logs\")",
};

/// On `*`: X-Ray has no resources.
const TRACES: Own = Own {
    actions: &["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    why: "Lambda's X-Ray daemon sends a function's segments under its role (X-Ray developer guide, \"IAM\")",
};

/// On `*`: deliveries and resource policies of logs have no narrower resource.
const DELIVERY: Own = Own {
    actions: &[
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ],
    why: "Step Functions sets up the delivery of its logs under the state machine's role (developer guide, \"Logging\
          using CloudWatch Logs\")",
};

/// On `*`.
const MACHINE_TRACES: Own = Own {
    actions: &[
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ],
    why: "Step Functions sends an execution's trace under its role (developer guide, \"Trace data in X-Ray\")",
};

/// On the executions of what is waited for.
pub const FOLLOWING: &[&str] = &["states:DescribeExecution", "states:StopExecution"];

/// On the rule that Step Functions manages, by which it hears that an execution has ended (developer guide, "IAM
/// policies for calling other workflows").
pub const HEARING: &[&str] = &["events:DescribeRule", "events:PutRule", "events:PutTargets"];
pub const HEARS: &str = "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule";

/// A pipe polls its queue under its role (EventBridge user guide, "Amazon EventBridge Pipes permissions").
pub const POLLING: &[&str] = &[
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

/// What functions and state machines need before they have called anything.
pub fn calls(template: &Value) -> Grants {
    let mut used = Grants::new();
    let mut add = |role: &Value, own: &Own, on: &str| {
        assert!(own.why.contains("guide"), "a reason says where it is from");
        let grants = used.entry(target(role)).or_default();
        let actions = own.actions.iter();
        grants.extend(actions.map(|action| ((*action).to_owned(), on.to_owned())));
    };
    for (_, function) in of_type(template, "AWS::Serverless::Function") {
        let group = target(&function["LoggingConfig"]["LogGroup"]);
        add(&function["Role"], &LOGS, &group);
        add(&function["Role"], &TRACES, "*");
    }
    for (_, machine) in of_type(template, "AWS::StepFunctions::StateMachine") {
        let destinations = list(&machine["LoggingConfiguration"]["Destinations"]);
        if !destinations.is_empty() {
            add(&machine["RoleArn"], &DELIVERY, "*");
        }
        if machine["TracingConfiguration"]["Enabled"] == true {
            add(&machine["RoleArn"], &MACHINE_TRACES, "*");
        }
    }
    used
}
