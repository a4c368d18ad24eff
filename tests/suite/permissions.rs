//! Granted = used. The actions that a definition needs are derived here from its text alone, and the
//! resources from its substitutions: an independent reading of what the compiler granted.

use std::collections::BTreeSet;

use pretty_assertions::assert_eq;
use serde_json::Value;

use super::template::{Template, referred};

/// An action on a resource's logical id, or on `*`.
pub type Grant = (String, String);

/// What Step Functions needs for itself, which has no narrower resource (developer guide: logging with
/// CloudWatch Logs, X-Ray).
const FOR_ALL: [&str; 12] = [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

#[test]
fn the_state_machine_may_do_what_it_does_and_nothing_else() {
    let (granted, needed) = of_machine(Template::of_fare_processing());
    assert_eq!(granted, needed);
}

/// What the role of a saga's state machine grants, and what its definition uses.
pub fn of_machine(template: &Template) -> (BTreeSet<Grant>, BTreeSet<Grant>) {
    let machine = template.machine();
    let mut needed: BTreeSet<Grant> = FOR_ALL.map(|action| (action.into(), "*".into())).into();
    needed.extend(
        template
            .states()
            .values()
            .filter(|state| state["Type"] == "Task")
            .map(|task| needs(task, machine)),
    );
    let role = referred(&machine["RoleArn"]).unwrap();
    (granted(template.properties(&role)), needed)
}

#[test]
fn a_handler_may_write_its_log_traces_and_fences_and_nothing_else() {
    let template = Template::of_fare_processing();
    for (name, function) in template.resources("AWS::Serverless::Function") {
        let role = referred(&function["Role"]).unwrap();
        let group = referred(&function["LoggingConfig"]["LogGroup"]).unwrap();
        let needed: BTreeSet<Grant> = [
            ("logs:CreateLogStream", group.as_str()),
            ("logs:PutLogEvents", &group),
            ("dynamodb:PutItem", "FenceTable"),
            ("xray:PutTelemetryRecords", "*"),
            ("xray:PutTraceSegments", "*"),
        ]
        .map(|(action, resource)| (action.into(), resource.into()))
        .into();
        assert_eq!(granted(template.properties(&role)), needed, "{name}");
    }
}

#[test]
fn nobody_is_granted_all_actions() {
    let template = Template::of_fare_processing();
    for (name, role) in template.resources("AWS::IAM::Role") {
        for (action, _) in granted(role) {
            assert!(!action.contains('*'), "{name} grants {action}");
        }
        assert!(
            role.get("ManagedPolicyArns").is_none(),
            "{name} has a managed policy"
        );
    }
}

/// The action of a task, and the logical id of what it acts on.
fn needs(task: &Value, machine: &Value) -> Grant {
    let resource = task["Resource"].as_str().unwrap();
    let arguments = &task["Arguments"];
    let (action, target) = match resource.rsplit(":::").next().unwrap() {
        "lambda:invoke" => ("lambda:InvokeFunction", &arguments["FunctionName"]),
        "dynamodb:putItem" => ("dynamodb:PutItem", &arguments["TableName"]),
        "dynamodb:getItem" => ("dynamodb:GetItem", &arguments["TableName"]),
        "dynamodb:updateItem" => ("dynamodb:UpdateItem", &arguments["TableName"]),
        "dynamodb:deleteItem" => ("dynamodb:DeleteItem", &arguments["TableName"]),
        "sns:publish" => ("sns:Publish", &arguments["TopicArn"]),
        "sqs:sendMessage" => ("sqs:SendMessage", &arguments["QueueUrl"]),
        other => panic!("a new integration: {other}"),
    };
    let target = target.as_str().unwrap();
    let substitution = target
        .strip_prefix("${")
        .and_then(|name| name.strip_suffix('}'))
        .unwrap();
    let id = referred(&machine["DefinitionSubstitutions"][substitution]);
    (
        action.into(),
        id.unwrap_or_else(|| panic!("`{target}` stands for no resource")),
    )
}

fn granted(role: &Value) -> BTreeSet<Grant> {
    let mut grants = BTreeSet::new();
    let policies = role["Policies"].as_array().unwrap().iter();
    // What the customer's key needs is there only where the stack is given one.
    for policy in policies.filter(|policy| policy.get("Fn::If").is_none()) {
        for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
            assert_eq!(statement["Effect"], "Allow");
            for action in list(&statement["Action"]) {
                for resource in list(&statement["Resource"]) {
                    grants.insert((action.as_str().unwrap().into(), target(resource)));
                }
            }
        }
    }
    grants
}

fn list(value: &Value) -> Vec<&Value> {
    value
        .as_array()
        .map_or_else(|| vec![value], |values| values.iter().collect())
}

/// The logical id in a resource of a statement; a literal as it is.
fn target(resource: &Value) -> String {
    if let Some(id) = referred(resource) {
        return id;
    }
    let text = resource
        .get("Fn::Sub")
        .unwrap_or(resource)
        .as_str()
        .unwrap();
    match text.split_once("${").map(|(_, rest)| rest) {
        Some(rest) => rest.split(['.', '}']).next().unwrap().to_owned(),
        None => text.to_owned(),
    }
}
