//! The state machine that starts executions under their key.

use saga_asl::model::StateMachine;

use super::{keeps, not_started};
use crate::checked::{Package, Saga};
use crate::logical_id;
use crate::permission::{Property, Resource, Uses};
use crate::starter::{NOT_STARTED, Needs};
use crate::template::stack::Stack;
use crate::template::state_machine::{self, Written};
use crate::template::{arn, log_group, policy, role, rollout};
use crate::yaml::Yaml;

/// Its logical id.
pub(super) fn id(saga: &str) -> String {
    format!("{saga}Starter")
}

pub(super) fn add(
    saga: &Saga<'_>,
    machine: &StateMachine,
    key: Option<Yaml>,
    package: &Package<'_>,
    stack: &mut Stack<'_>,
) {
    let name = saga.definition.name.as_str();
    let place = &saga.definition.place;
    let (id, started) = (id(name), logical_id::state_machine(name));
    let deliveries = Needs::of(saga).deliveries;
    let log_name = format!("/aws/vendedlogs/states/${{AWS::StackName}}-{id}");
    let log_group = log_group::log_group(&log_name, stack.options, Some(name));
    stack.resource(format!("{id}LogGroup"), log_group, place);

    let arn = rollout::entrance(&started, stack);
    let start = policy::allow("StartExecution", ["states:StartExecution"], arn.clone());
    let executions = arn::property(
        Resource::Executions(name),
        Property::Arn,
        &package.resources,
    );
    let look = policy::allow("LookAtExecutions", ["states:DescribeExecution"], executions);
    let mut statements = vec![start, look];
    statements.extend(deliveries.then(|| keeps(name)));
    statements.extend(state_machine::statements(
        &Uses::default(),
        &package.resources,
        key,
        stack.options,
    ));
    let about = format!("What starts {name} uses.");
    let granted = role::role(
        "states.amazonaws.com",
        &about,
        statements,
        stack.options,
        Some(name),
    );
    stack.resource(format!("{id}Role"), granted, place);

    let kept = deliveries.then(|| (NOT_STARTED.to_owned(), Yaml::reference(&not_started(name))));
    let substitutions = [(format!("{started}Arn"), arn)].into_iter().chain(kept);
    let machine = Written {
        id: &id,
        saga: name,
        definition: machine,
        // It has a handful of states, whatever the saga.
        file: None,
        substitutions: substitutions.collect(),
        kind: "EXPRESS",
        logged: "ERROR",
        // The saga's input is in it, whatever that holds.
        loggable: false,
        key: None,
        key_reason: None,
    };
    stack.resource(id.clone(), machine.resource(stack.options), place);
}
