//! The template of the fare example beside the one that was written by hand for the same system, point by point: the
//! table stands in the README.
//!
//! What is said of the hand-written one was read off the last version of the public workshop's `code/lab-4/template.yaml`
//! (20a979e), its policies as SAM's translator writes them; checkov is the one that the template suite runs.

use std::fs;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::command::{Saga, root};
use super::template::Template;

/// Dollars for 1,000 transitions (AWS's price list, us-east-1, November 2026).
const PRICE: f64 = 0.025;

/// A point, what the hand-written template has of it, and what is counted in the generated one.
type Point = (&'static str, &'static str, fn(&Template) -> String);

const POINTS: [Point; 15] = [
    ("failed checks of checkov", "15", |template| {
        format!(
            "none; {} exceptions, each with its reason",
            exceptions(template)
        )
    }),
    (
        "actions with a wildcard",
        "1, `sqs:*` for anyone",
        |template| {
            none_or(
                actions(template)
                    .filter(|action| action.contains('*'))
                    .count(),
            )
        },
    ),
    (
        "statements on the resource `*`",
        "2: all of the queues' policy, and metrics",
        |template| {
            format!(
                "{}: for log delivery and X-Ray, which know no other",
                on_everything(template)
            )
        },
    ),
    (
        "actions that the state machine's role has and nothing uses",
        "7",
        // The suite `iam` fails on any.
        |_| "none".into(),
    ),
    ("alarms", "none", |template| {
        count(template, "AWS::CloudWatch::Alarm")
    }),
    ("dead-letter queues", "none", dead_letter_queues),
    ("logs of executions", "none", |template| {
        machines(
            template,
            "LoggingConfiguration",
            "all events, kept for a stated time",
        )
    }),
    ("tracing", "none", |template| {
        machines(
            template,
            "TracingConfiguration",
            "state machines and functions",
        )
    }),
    ("encryption at rest", "the table's own", |template| {
        encrypted(template).into()
    }),
    ("backups, protection from deletion", "none", |template| {
        tables(template).into()
    }),
    ("runtime", "`python3.7`, out of support", |template| {
        let runtime = &template.of_all_functions()["Runtime"];
        format!("`{}`", runtime.as_str().unwrap())
    }),
    (
        "a deploy under running executions",
        "replaces the functions that they call",
        |template| versions(template).into(),
    ),
    ("transitions of a completed execution", "6", |_| {
        format!("6, and {} when its fences are let expire", expiry())
    }),
    ("Step Functions for 1,000 of them", "$0.15", |_| {
        format!("${:.3}", PRICE * f64::from(6 + expiry()))
    }),
    ("writes to DynamoDB of one", "2", |template| {
        let fenced = fenced(template);
        format!("{}, {} of them of fences", 2 + 3 * fenced, 3 * fenced)
    }),
];

#[test]
fn the_readme_compares_the_templates_as_they_are() {
    let template = Template::of_fare_processing();
    let rows =
        POINTS.map(|(point, by_hand, of)| format!("| {point} | {by_hand} | {} |\n", of(template)));
    let table = format!(
        "| fare processing | hand-written | generated |\n|---|---|---|\n{}",
        rows.concat()
    );
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let start = readme
        .find("| fare processing | hand-written | generated |\n|---|---|---|\n| failed checks");
    let kept = start.map(|start| readme[start..].split("\n\n").next().unwrap());
    assert_eq!(
        kept.map(|kept| format!("{}\n", kept.trim_end())),
        Some(table)
    );
}

fn none_or(count: usize) -> String {
    if count == 0 {
        "none".into()
    } else {
        count.to_string()
    }
}

fn count(template: &Template, kind: &str) -> String {
    template.resources(kind).count().to_string()
}

fn statements(template: &Template) -> Vec<Value> {
    let roles = template.resources("AWS::IAM::Role").flat_map(|(_, role)| {
        let policies = role["Policies"].as_array().unwrap();
        policies
            .iter()
            .map(|policy| policy.pointer("/Fn::If/1").unwrap_or(policy))
            .map(|policy| policy["PolicyDocument"].clone())
            .collect::<Vec<_>>()
    });
    let policies = ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"].into_iter();
    let policies = policies.flat_map(|kind| template.resources(kind).collect::<Vec<_>>());
    let policies = policies.map(|(_, policy)| policy["PolicyDocument"].clone());
    let statements = roles.chain(policies);
    statements
        .flat_map(|document| document["Statement"].as_array().unwrap().clone())
        .collect()
}

fn allowed(template: &Template) -> impl Iterator<Item = Value> {
    let statements = statements(template).into_iter();
    statements.filter(|statement| statement["Effect"] == "Allow")
}

fn actions(template: &Template) -> impl Iterator<Item = String> {
    allowed(template).flat_map(|statement| {
        let actions = statement["Action"].as_array().cloned();
        let actions = actions.unwrap_or_else(|| vec![statement["Action"].clone()]);
        actions
            .into_iter()
            .map(|action| action.as_str().unwrap().to_owned())
    })
}

fn on_everything(template: &Template) -> usize {
    allowed(template)
        .filter(|statement| statement["Resource"] == "*")
        .count()
}

fn exceptions(template: &Template) -> usize {
    let unexplained = template
        .exceptions()
        .find(|exception| exception["comment"].as_str().is_none());
    assert_eq!(unexplained, None);
    template.exceptions().count()
}

/// The queues that another one, a subscription or a rule hands its letters to.
fn dead_letter_queues(template: &Template) -> String {
    let queues = template.resources("AWS::SQS::Queue");
    let letters = queues.filter(|(id, _)| id.ends_with("DeadLetters"));
    letters.count().to_string()
}

fn machines(template: &Template, property: &str, all: &str) -> String {
    let mut machines = template.resources("AWS::StepFunctions::StateMachine");
    assert!(machines.all(|(_, machine)| machine[property].is_object()));
    all.into()
}

fn encrypted(template: &Template) -> &'static str {
    let mut queues = template.resources("AWS::SQS::Queue");
    assert!(
        queues.all(|(_, queue)| !queue["KmsMasterKeyId"].is_null()
            || !queue["SqsManagedSseEnabled"].is_null())
    );
    let mut topics = template.resources("AWS::SNS::Topic");
    assert!(topics.all(|(_, topic)| !topic["KmsMasterKeyId"].is_null()));
    let mut tables = template.resources("AWS::DynamoDB::Table");
    assert!(tables.all(|(_, table)| table["SSESpecification"].is_object()));
    "tables, queues and topics, with a key of the customer's where one is given"
}

fn tables(template: &Template) -> &'static str {
    let mut tables = template.resources("AWS::DynamoDB::Table");
    assert!(tables.all(|(_, table)| {
        table["PointInTimeRecoverySpecification"].is_object()
            && !table["DeletionProtectionEnabled"].is_null()
    }));
    "every table, in stages that are to last"
}

fn versions(template: &Template) -> &'static str {
    assert_eq!(template.of_all_functions()["AutoPublishAlias"], "live");
    "leaves them their versions; `Deployment::canary` shifts new ones and rolls back on alarms"
}

/// How many of its steps have fences, where all succeed.
fn fenced(template: &Template) -> usize {
    let states = template.states().iter();
    let forward = states.filter(|(name, _)| !name.starts_with("Undo") && !name.ends_with("Parked"));
    let fenced =
        forward.filter(|(_, state)| state.pointer("/Arguments/Payload/saga/fence").is_some());
    fenced.count()
}

/// The transitions of the recovery of an execution that completed, counted in its history.
fn expiry() -> u32 {
    let folder = TempDir::new().unwrap();
    let recovery = root().join("examples/fare-processing/expected/FareProcessingRecovery.asl.json");
    let fences =
        ["ChargeFare", "CreditCustomerAccount"].map(|step| json!({ "instance": { "S": step } }));
    let mocks = json!({
        "StateMachines": { "FareProcessingRecovery.asl.json": { "TestCases": { "completed": {
            "LookAtExecution": "Completed", "ListFences": "Fences", "LetFenceExpire": "Written"
        } } } },
        "MockedResponses": {
            "Completed": { "0": { "Return": {
                "ExecutionArn": "an-execution", "Name": "one", "Status": "SUCCEEDED", "Input": "{}"
            } } },
            "Fences": { "0": { "Return": { "Items": fences } } },
            "Written": { "0-9": { "Return": {} } },
        },
    });
    let file = folder.path().join("mocks.json");
    fs::write(&file, mocks.to_string()).unwrap();
    let input = folder.path().join("input.json");
    fs::write(
        &input,
        json!({ "detail": { "executionArn": "an-execution" } }).to_string(),
    )
    .unwrap();
    let run = format!(
        "run --definition {} --input {} --mock {}#completed --history",
        recovery.display(),
        input.display(),
        file.display()
    );
    let ran = Saga::new(&run).run();
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let entered = ran.stdout.matches("StateEntered").count();
    u32::try_from(entered).unwrap()
}
