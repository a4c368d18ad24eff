//! Versions of a state machine and the alias that executions are started by, which shifts from one to the next while
//! alarms watch. An execution keeps its definition anyway; what a version adds is that two of them start side by side.

use saga_manifest::deployment::Rollout;
use saga_manifest::place::Place;

use super::stack::Stack;
use super::{output, resource};
use crate::yaml::{Yaml, list, map};

const ALIAS: &str = "live";

/// What starts executions: the alias where there is one, else the state machine itself.
pub(super) fn entrance(machine: &str, stack: &Stack<'_>) -> Yaml {
    Yaml::reference(&match stack.options.deployment.rollout {
        Some(_) => alias_id(machine),
        None => machine.to_owned(),
    })
}

fn alias_id(machine: &str) -> String {
    format!("{machine}Alias")
}

/// Adds version and alias, if a rollout is stated.
pub(super) fn add(machine: &str, place: &Place, stack: &mut Stack<'_>) {
    let Some(rollout) = stack.options.deployment.rollout else {
        return;
    };
    let version = format!("{machine}Version");
    // A new revision replaces the version; the old one stays for the executions that it has, and for the way back.
    let kept = [
        ("DeletionPolicy", Yaml::from("Retain")),
        ("UpdateReplacePolicy", "Retain".into()),
    ];
    let properties = map([
        ("StateMachineArn", Yaml::reference(machine)),
        (
            "StateMachineRevisionId",
            Yaml::attribute(machine, "StateMachineRevisionId"),
        ),
    ]);
    let published = resource("AWS::StepFunctions::StateMachineVersion", kept, properties);
    stack.resource(version.clone(), published, place);
    let alias = alias_id(machine);
    let shifts = preference(rollout, machine, &version);
    let properties = map([("Name", ALIAS.into()), ("DeploymentPreference", shifts)]);
    let live = resource("AWS::StepFunctions::StateMachineAlias", [], properties);
    stack.resource(alias.clone(), live, place);
    let about = "ARN of the alias that executions are started by.";
    stack.output(
        format!("{alias}Arn"),
        output::output(about, Yaml::reference(&alias)),
    );
}

fn preference(rollout: Rollout, machine: &str, version: &str) -> Yaml {
    let kind = if rollout.linear { "LINEAR" } else { "CANARY" };
    let alarms = ["Failed", "Stopped"].map(|end| Yaml::reference(&format!("{machine}{end}Alarm")));
    map([
        ("StateMachineVersionArn", Yaml::reference(version)),
        ("Type", kind.into()),
        ("Percentage", rollout.percent.into()),
        ("Interval", rollout.minutes.into()),
        ("Alarms", list(alarms)),
    ])
}
