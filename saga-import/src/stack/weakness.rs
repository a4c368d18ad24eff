//! What is weak in a template, by what its resources state.
//!
//! It looks for what the template of a saga has: least privilege, dead-letter queues, bounded functions, traces, logs,
//! encryption under a key, tables that can be restored.

use saga_asl::json::Value;

use super::{Stack, kind};

/// A setting that a resource of this type lacks, and what that means.
struct Lack {
    kinds: &'static [&'static str],
    /// Any of these properties is enough.
    properties: &'static [&'static str],
    says: &'static str,
}

const FUNCTIONS: &[&str] = &["AWS::Serverless::Function", "AWS::Lambda::Function"];
const MACHINES: &[&str] = &[
    "AWS::Serverless::StateMachine",
    "AWS::StepFunctions::StateMachine",
];

const LACKS: [Lack; 10] = [
    Lack {
        kinds: FUNCTIONS,
        properties: &["Timeout"],
        says: "has no `Timeout`: it is stopped after 3 s",
    },
    Lack {
        kinds: FUNCTIONS,
        properties: &["Tracing", "TracingConfig"],
        says: "is not traced",
    },
    Lack {
        kinds: MACHINES,
        properties: &["Tracing", "TracingConfiguration"],
        says: "is not traced",
    },
    Lack {
        kinds: MACHINES,
        properties: &["Logging", "LoggingConfiguration"],
        says: "logs nothing",
    },
    Lack {
        kinds: &["AWS::DynamoDB::Table"],
        properties: &["PointInTimeRecoverySpecification"],
        says: "cannot be restored to a point in time",
    },
    Lack {
        kinds: &["AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable"],
        properties: &["SSESpecification"],
        says: "is encrypted under no key of the account's",
    },
    Lack {
        kinds: &["AWS::SQS::Queue"],
        properties: &["RedrivePolicy", "RedriveAllowPolicy"],
        says: "has no dead-letter queue",
    },
    Lack {
        kinds: &["AWS::SQS::Queue"],
        properties: &["KmsMasterKeyId"],
        says: "is encrypted under no key of the account's",
    },
    Lack {
        kinds: &["AWS::SNS::Topic"],
        properties: &["KmsMasterKeyId"],
        says: "is not encrypted",
    },
    Lack {
        kinds: &["AWS::Logs::LogGroup"],
        properties: &["RetentionInDays"],
        says: "keeps logs for ever",
    },
];

/// The weaknesses, each with the resource's logical id.
pub(super) fn weaknesses(stack: &Stack) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (id, resource) in &stack.resources {
        let lacks = LACKS
            .iter()
            .filter(|lack| lack.kinds.contains(&kind(resource)));
        for lack in lacks {
            let mut stated = lack.properties.iter();
            if !stated.any(|name| is_stated(stack, id, resource, name)) {
                found.push((id.clone(), format!("`{id}` {}", lack.says)));
            }
        }
        let mut wide = Vec::new();
        statements(resource, &mut wide);
        wide.dedup();
        found.extend(
            wide.into_iter()
                .map(|says| (id.clone(), format!("`{id}` {says}"))),
        );
    }
    found
}

/// Whether a resource states a property, or the template's `Globals` do for all of its type.
fn is_stated(stack: &Stack, id: &str, resource: &Value, name: &str) -> bool {
    let section = match kind(resource) {
        "AWS::Serverless::Function" => "Function",
        "AWS::Serverless::StateMachine" => "StateMachine",
        _ => "",
    };
    let global = stack.globals.get(section).and_then(|all| all.get(name));
    stack.property(id, name).or(global).is_some()
}

/// What IAM statements in a value grant too much.
fn statements(value: &Value, found: &mut Vec<String>) {
    if let Some(action) = value
        .get("Action")
        .filter(|_| value.get("Effect").is_some())
    {
        let actions = texts(action);
        if value.get("Effect").and_then(Value::as_str) == Some("Allow") {
            let wide = actions.iter().filter(|action| action.ends_with('*'));
            found.extend(wide.map(|action| format!("grants every action of `{action}`")));
            let all = value
                .get("Resource")
                .is_some_and(|of| texts(of).contains(&"*"));
            if all {
                let actions = actions.join("`, `");
                found.push(format!("grants `{actions}` on every resource"));
            }
        }
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|value| statements(value, found)),
        Value::Array(items) => items.iter().for_each(|value| statements(value, found)),
        _ => {}
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        value => value.as_str().into_iter().collect(),
    }
}
