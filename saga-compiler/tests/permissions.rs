//! Granted is what is used: the actions that a definition needs are derived here from its text alone.

use std::collections::BTreeSet;

use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::resource::{Origin, Queue};
use saga_manifest::saga::Ending;
use saga_manifest::step::Kind;
use saga_manifest::task::{Attribute, Shape, Task};
use serde_json::{Value, json};

use crate::manifest::{
    call, compensatable, fare_processing, line, notification, read_only, saga, step, table, text,
};
use crate::template::Template;

/// An action on what a substitution stands for, or on `*`.
type Grant = (String, Value);

#[track_caller]
fn check(manifest: &Manifest) {
    let template = Template::of(manifest);
    let machines = template.resources("AWS::StepFunctions::StateMachine");
    // A recovery works on executions and fences as well: `template/recovery.rs`.
    let machines = machines.filter(|(id, _)| !id.ends_with("Recovery"));
    for (id, machine) in machines {
        let role = machine["RoleArn"]["Fn::GetAtt"]
            .as_str()
            .unwrap()
            .trim_end_matches(".Arn");
        assert_eq!(granted(&template, role), needed(machine), "{id}");
    }
}

fn needed(machine: &Value) -> BTreeSet<Key> {
    let states = machine["Definition"]["States"]
        .as_object()
        .unwrap()
        .values();
    let tasks = states.filter(|state| state["Type"] == "Task");
    tasks
        .flat_map(|task| grants(task, machine))
        .map(|grant| key(&grant))
        .collect()
}

/// What a task needs: running a saga to its end takes more than starting it.
fn grants(task: &Value, machine: &Value) -> Vec<Grant> {
    let start = grant(task, machine);
    let mut all = Vec::new();
    if task["Resource"] == "arn:aws:states:::states:startExecution.sync:2" {
        let arn = |rest: &str| json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:{rest}") });
        let child = start.1["Ref"].as_str().unwrap();
        let account = "${AWS::Region}:${AWS::AccountId}";
        let executions = arn(&format!("states:{account}:execution:${{{child}.Name}}:*"));
        let rule = "StepFunctionsGetEventsForStepFunctionsExecutionRule";
        let rule = arn(&format!("events:{account}:rule/{rule}"));
        for action in ["states:DescribeExecution", "states:StopExecution"] {
            all.push((action.to_owned(), executions.clone()));
        }
        for action in ["events:PutTargets", "events:PutRule", "events:DescribeRule"] {
            all.push((action.to_owned(), rule.clone()));
        }
    }
    all.push(start);
    all
}

/// Compares as text.
type Key = (String, String);

fn key((action, resource): &Grant) -> Key {
    // A reference by `!Ref` or by `!GetAtt …Arn` is to the same resource.
    let named = resource
        .get("Ref")
        .or_else(|| resource.get("Fn::GetAtt"))
        .or_else(|| resource.get("Fn::Sub"))
        .unwrap_or(resource);
    let mut named = named.as_str().unwrap();
    // Every version of a function is granted, and one of them or its alias is called.
    if let Some((function, "Arn}:*" | "Version" | "Alias" | "Arn")) = named.split_once('.') {
        named = function.trim_start_matches("${");
    }
    (action.clone(), named.to_owned())
}

fn grant(task: &Value, machine: &Value) -> Grant {
    let arguments = &task["Arguments"];
    let (action, target) = match task["Resource"].as_str().unwrap() {
        "arn:aws:states:::lambda:invoke" => ("lambda:InvokeFunction", "FunctionName"),
        "arn:aws:states:::dynamodb:putItem" => ("dynamodb:PutItem", "TableName"),
        "arn:aws:states:::dynamodb:getItem" => ("dynamodb:GetItem", "TableName"),
        "arn:aws:states:::dynamodb:updateItem" => ("dynamodb:UpdateItem", "TableName"),
        "arn:aws:states:::dynamodb:deleteItem" => ("dynamodb:DeleteItem", "TableName"),
        "arn:aws:states:::sns:publish" => ("sns:Publish", "TopicArn"),
        "arn:aws:states:::sqs:sendMessage" => ("sqs:SendMessage", "QueueUrl"),
        "arn:aws:states:::sns:publish.waitForTaskToken" => ("sns:Publish", "TopicArn"),
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken" => ("sqs:SendMessage", "QueueUrl"),
        "arn:aws:states:::states:startExecution.sync:2" => {
            ("states:StartExecution", "StateMachineArn")
        }
        other => panic!("a new integration: {other}"),
    };
    let name = arguments[target].as_str().unwrap();
    let name = name
        .strip_prefix("${")
        .and_then(|name| name.strip_suffix('}'))
        .unwrap();
    (
        action.into(),
        machine["DefinitionSubstitutions"][name].clone(),
    )
}

/// What the role grants, without what every machine needs.
fn granted(template: &Template, role: &str) -> BTreeSet<Key> {
    let mut grants = BTreeSet::new();
    for statement in template.statements(role) {
        assert_eq!(statement["Effect"], "Allow");
        if statement["Resource"] == "*" {
            let sid = statement["Sid"].as_str().unwrap();
            assert!(
                ["DeliverLogs", "Trace"].contains(&sid),
                "{sid} is on everything"
            );
            continue;
        }
        for action in statement["Action"].as_array().unwrap() {
            let action = action.as_str().unwrap().to_owned();
            assert!(!action.contains('*'), "{action}");
            grants.insert(key(&(action, statement["Resource"].clone())));
        }
    }
    grants
}

fn every_integration() -> Manifest {
    let key = || {
        vec![Attribute {
            name: "id".into(),
            shape: Shape::String,
            value: Expr::SagaId,
        }]
    };
    let table_name = || "Orders".to_owned();
    let get = Task::DynamodbGet {
        table: table_name(),
        key: key(),
        item: Vec::new(),
        again: None,
    };
    let put = Task::DynamodbPut {
        table: table_name(),
        item: key(),
        condition: None,
    };
    let delete = Task::DynamodbDelete {
        table: table_name(),
        key: key(),
        condition: None,
    };
    let send = Task::SqsSend {
        queue: "Inbox".into(),
        message: text("x"),
        attributes: Vec::new(),
    };
    let kind = |task| Kind::Compensatable {
        compensation: Box::new(call(task)),
    };
    let mut manifest = saga(vec![
        step("Get", Kind::ReadOnly, call(get)),
        step("Put", kind(delete.clone()), call(put)),
        step("Send", kind(delete), call(send.clone())),
        compensatable("Book"),
    ]);
    manifest.tables.push(table("Orders", "id"));
    manifest.queues.push(Queue {
        name: "Inbox".into(),
        description: None,
        place: line(120),
        origin: Origin::Created,
        visibility_timeout_seconds: 30,
        retention_seconds: 60,
        dead_letter_after: None,
        subscriptions: Vec::new(),
    });
    manifest.sagas[0]
        .notifications
        .push(notification("Tell", Ending::Parked, call(send)));
    manifest
}

#[test]
fn a_machine_may_do_what_it_does_and_nothing_else() {
    check(&fare_processing());
    check(&every_integration());
    check(&crate::calls::nested::trip());
    check(&crate::calls::approval::asks_both());
    check(&saga(vec![read_only("Look")]));
}
