//! The state machine that recovers a saga's executions, and the rule that starts it.

use super::settings::Settings;
use super::stack::Stack;
use super::state_machine::{self, Written};
use super::{alarm, log_group, policy, resource, role, tags};
use crate::checked::{Package, Saga};
use crate::compile::file_name;
use crate::logical_id;
use crate::recovery::Recovery;
use crate::yaml::{Yaml, list, map};

/// The ends of an execution that the rule hears of. Whether there is something to recover, the state machine
/// finds out: a compensated execution has failed, too.
const ENDS: [&str; 4] = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

pub(super) fn add(
    saga: &Saga<'_>,
    recovery: &Recovery<'_>,
    key: Option<Yaml>,
    package: &Package<'_>,
    stack: &mut Stack<'_>,
) {
    let name = saga.definition.name.as_str();
    let place = &saga.definition.place;
    let recovered = logical_id::state_machine(name);
    let id = logical_id::recovery(name);
    let machine = Written {
        id: &id,
        saga: name,
        definition: &recovery.definition,
        file: Some(file_name(&id)),
        substitutions: state_machine::substitutions(&recovery.uses, &package.resources),
        kind: "STANDARD",
        logged: "ALL",
        // The saga's input is in it, whatever that holds; and so it is in its history.
        loggable: false,
        key: key.clone(),
        key_reason: None,
    };
    stack.resource(id.clone(), machine.resource(stack.options), place);
    let log_name = format!("/aws/vendedlogs/states/${{AWS::StackName}}-{id}");
    let log_group = log_group::log_group(&log_name, stack.options, Some(name));
    stack.resource(format!("{id}LogGroup"), log_group, place);
    let mut statements =
        state_machine::statements(&recovery.uses, &package.resources, key, stack.options);
    statements.push(look(&recovered));
    let about = format!("What the recovery of {name} uses.");
    let granted = role::role(
        "states.amazonaws.com",
        &about,
        statements,
        stack.options,
        Some(name),
    );
    stack.resource(format!("{id}Role"), granted, place);
    stack.watch_machine(
        &id,
        &format!("the recovery of {name}"),
        alarm::Failures::Any,
        place,
    );
    let rule = rule(&id, &recovered, name, stack.options);
    stack.resource(rule_id(saga), rule, place);
    let start = policy::allow(
        "StartRecovery",
        ["states:StartExecution"],
        Yaml::reference(&id),
    );
    let about = format!("Starts the recovery of {name}.");
    let starter = role::role(
        "events.amazonaws.com",
        &about,
        vec![start],
        stack.options,
        Some(name),
    );
    stack.resource(format!("{id}RuleRole"), starter, place);
}

/// The rule that starts the recovery of a saga.
pub(super) fn rule_id(saga: &Saga<'_>) -> String {
    format!("{}Rule", logical_id::recovery(&saga.definition.name))
}

/// Looking at the executions of the saga: their ARNs hold the names of the state machine and their own.
fn look(recovered: &str) -> Yaml {
    let arn = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution";
    let executions = format!("{arn}:${{{recovered}.Name}}:*");
    let executions = Yaml::substituted(executions).commented("every execution of the saga");
    policy::allow(
        "LookAtExecutions",
        ["states:DescribeExecution", "states:GetExecutionHistory"],
        executions,
    )
}

fn rule(id: &str, recovered: &str, saga: &str, options: &Settings<'_>) -> Yaml {
    let detail = map([
        ("stateMachineArn", list([Yaml::reference(recovered)])),
        ("status", list(ENDS)),
    ]);
    let pattern = map([
        ("source", list(["aws.states"])),
        (
            "detail-type",
            list(["Step Functions Execution Status Change"]),
        ),
        ("detail", detail),
    ]);
    // Which execution it was, and which end of it, is all that is handed on: an event holds its input and output.
    let input = map([
        (
            "InputPathsMap",
            map([
                ("execution", Yaml::from("$.detail.executionArn")),
                ("stopped", Yaml::from("$.detail.stopDate")),
            ]),
        ),
        (
            "InputTemplate",
            r#"{"detail": {"executionArn": <execution>, "stopDate": <stopped>}}"#.into(),
        ),
    ]);
    let target = map([
        ("Id", Yaml::from("Recovery")),
        ("Arn", Yaml::reference(id)),
        ("RoleArn", Yaml::attribute(&format!("{id}RuleRole"), "Arn")),
        ("InputTransformer", input),
        (
            "DeadLetterConfig",
            map([("Arn", Yaml::attribute(logical_id::RECOVERY_LETTERS, "Arn"))]),
        ),
    ]);
    let about = format!("An execution of {saga} has ended.");
    let properties = map([
        ("Description", Yaml::from(about)),
        ("EventPattern", pattern),
        ("State", "ENABLED".into()),
        ("Targets", list([target])),
        ("Tags", tags::as_list(options, Some(saga))),
    ]);
    resource("AWS::Events::Rule", [], properties)
}
