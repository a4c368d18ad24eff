//! The SAM template: one file a type of resource.

mod alarm;
mod api;
mod arn;
mod authorizer;
pub(crate) mod choreography;
mod condition;
mod dashboard;
mod encryption;
mod fences;
mod function;
mod key;
pub(crate) mod limit;
mod log_group;
mod output;
pub(crate) mod parameter;
mod policy;
mod queue;
mod recovery;
mod review;
mod role;
mod rollout;
mod settings;
mod stack;
mod stage;
mod state_machine;
mod table;
mod tags;
mod topic;
mod trigger;
mod used_saga;

use std::collections::BTreeSet;

use saga_asl::model::StateMachine;
use saga_manifest::place::Place;
use saga_manifest::resource::Origin;

use crate::checked::{Package, Resources};
use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::recovery::Recovery;
use crate::states::Machine;
use crate::yaml::{Yaml, map};
use settings::Settings;
use stack::Stack;

/// The longest description of a template, in bytes (CloudFormation quotas).
const LONGEST_DESCRIPTION: usize = 1024;

/// The template of a package.
///
/// # Errors
/// Names of resources or parameters that fall together.
pub(crate) fn template(
    package: &Package<'_>,
    machines: &[Machine<'_>],
    recoveries: &[Option<Recovery<'_>>],
    starters: &[Option<StateMachine>],
    options: &Options,
) -> Result<Yaml, Vec<Diagnostic>> {
    let settings = Settings::new(options, package.deployment);
    let mut stack = Stack::new(&settings);
    let compiled = machines.iter().zip(recoveries).zip(starters);
    for (saga, ((machine, recovery), starter)) in package.sagas.iter().zip(compiled) {
        let key = state_machine::add(saga, machine, package, &mut stack);
        if let Some(recovery) = recovery {
            recovery::add(saga, recovery, key.clone(), package, &mut stack);
        }
        trigger::add(saga, starter.as_ref(), key, package, &mut stack);
    }
    let recovered = package.sagas.iter().zip(recoveries);
    let recovered = recovered.filter(|(_, recovery)| recovery.is_some());
    let recovered: Vec<_> = recovered.map(|(saga, _)| saga).collect();
    if let Some(first) = recovered.first() {
        let rules: Vec<_> = recovered
            .iter()
            .map(|saga| recovery::rule_id(saga))
            .collect();
        queue::add_recovery_letters(&rules, &first.definition.place, &mut stack);
    }
    let resources = &package.resources;
    let fenced: BTreeSet<&str> = machines
        .iter()
        .flat_map(|machine| machine.uses.fenced.iter().copied())
        .collect();
    for handler in resources.handlers.values() {
        let mut runtime = match fenced.contains(handler.name.as_str()) {
            true => fences::runtime(),
            false => function::Runtime::default(),
        };
        runtime.properties.push(function::all_properties());
        function::add(handler, resources, runtime, &mut stack);
    }
    let first = resources.handlers.values();
    if let Some(handler) = first
        .into_iter()
        .find(|handler| fenced.contains(handler.name.as_str()))
    {
        fences::add(&handler.place, None, &mut stack);
    }
    api::add(resources, &mut stack);
    add_stores(resources, &mut stack);
    let parks = |machine: &Machine<'_>, recovery: &Option<Recovery<'_>>| {
        machine.uses.parks() || recovery.is_some()
    };
    let mut sagas = package.sagas.iter().zip(machines.iter().zip(recoveries));
    if let Some((saga, _)) = sagas.find(|(_, (machine, recovery))| parks(machine, recovery)) {
        queue::add_parked(&saga.definition.place, &mut stack);
    }
    let beside = resources.apis.iter().map(|api| &api.function);
    let first = resources.handlers.values().copied().chain(beside).next();
    let globals = first.map(|handler| function::globals(&mut stack, &handler.place, true));
    stack.finish(&description(package, options), globals)
}

/// Adds the tables, topics and queues that handlers and sagas use.
fn add_stores(resources: &Resources<'_>, stack: &mut Stack<'_>) {
    let tables = resources.tables.values();
    tables.for_each(|table| table::add(table, stack));
    let topics = resources.topics.values();
    topics.for_each(|topic| topic::add(topic, stack));
    let queues = resources.queues.values();
    queues.for_each(|queue| queue::add(queue, resources, stack));
}

pub(crate) fn description(package: &Package<'_>, options: &Options) -> String {
    let about = match package.sagas.as_slice() {
        [saga] => saga
            .definition
            .description
            .as_deref()
            .map(|text| shortened(text, LONGEST_DESCRIPTION)),
        _ => None,
    };
    about.unwrap_or_else(|| format!("The sagas of {}.", options.package))
}

/// The first paragraph of a text on one line, cut to so many bytes.
fn shortened(text: &str, bytes: usize) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.len() <= bytes {
        return line;
    }
    let mut cut = String::new();
    for word in line.chars() {
        if cut.len() + word.len_utf8() + '…'.len_utf8() > bytes {
            break;
        }
        cut.push(word);
    }
    cut.push('…');
    cut
}

/// A resource of the template.
fn resource(
    kind: &str,
    parts: impl IntoIterator<Item = (&'static str, Yaml)>,
    properties: Yaml,
) -> Yaml {
    let head = [("Type", Yaml::from(kind))];
    map(head
        .into_iter()
        .chain(parts)
        .chain([("Properties", properties)]))
}

/// What CloudFormation does with a resource that holds data when it is deleted or replaced: deletes it
/// too, so that a deleted stack leaves nothing behind.
fn deleted() -> [(&'static str, Yaml); 2] {
    [
        ("DeletionPolicy", "Delete".into()),
        ("UpdateReplacePolicy", "Delete".into()),
    ]
}

/// Adds the parameter that a resource is referred to by, if it is.
fn refer(origin: &Origin, what: &str, place: &Place, stack: &mut Stack<'_>) -> bool {
    if let Origin::Parameter(name) = origin {
        stack.parameter(name, parameter::text(&format!("ARN of {what}.")), place);
    }
    *origin == Origin::Created
}
