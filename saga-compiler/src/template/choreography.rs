//! The template of sagas by events: a bus, a rule a step and direction, the table with its stream, and what publishes
//! from there.

mod bus;
mod publisher;
mod rule;
mod schema;

use std::collections::BTreeMap;

use saga_choreography::Choreography;
use saga_choreography::names::INTAKE;
use saga_fence::table::NAME;
use saga_manifest::flow::Node;
use saga_manifest::handler::Handler;
use saga_manifest::place::Place;
use saga_manifest::saga::Data;
use saga_manifest::step::{Call, Kind};
use saga_manifest::task::Task;

use super::function::{self, Runtime};
use super::settings::Settings;
use super::stack::Stack;
use super::{add_stores, api, description, fences, policy, queue, review};
use crate::checked::Package;
use crate::diagnostic::Diagnostic;
use crate::logical_id;
use crate::options::Options;
use crate::yaml::{Yaml, list, map};
use rule::Rule;

/// Seconds that the functions may run which are no handler's.
const OWN_TIMEOUT: u32 = 30;

/// The template of a package.
///
/// # Errors
/// Names of resources or parameters that fall together.
pub(crate) fn template(
    package: &Package<'_>,
    choreographies: &[Choreography],
    options: &Options,
) -> Result<Yaml, Vec<Diagnostic>> {
    let settings = Settings::new(options, package.deployment);
    let mut stack = Stack::new(&settings);
    stack.by_events = true;
    let resources = &package.resources;
    if let Some(first) = choreographies.first() {
        let place = &first.saga().place;
        bus::add(place, &mut stack);
        let stream = map([("StreamViewType", Yaml::from("NEW_IMAGE"))]);
        fences::add(place, Some(("StreamSpecification", stream)), &mut stack);
        publisher::add(place, resources, &mut stack);
        let rules = choreographies.iter().flat_map(rule::of_intake).collect();
        serve(
            &own(INTAKE, INTAKE_ABOUT, place),
            rules,
            package,
            &mut stack,
        );
    }
    let mut rules = rules(choreographies);
    for handler in resources.handlers.values() {
        let own = rules.remove(handler.name.as_str()).unwrap_or_default();
        serve(handler, own, package, &mut stack);
    }
    for choreography in choreographies {
        schema::add(choreography, resources, &mut stack);
    }
    api::add(resources, &mut stack);
    add_stores(resources, &mut stack);
    let place = choreographies.first().map(|first| &first.saga().place);
    let globals = place.map(|place| function::globals(&mut stack, place, false));
    stack.finish(&description(package, options), globals)
}

const INTAKE_ABOUT: &str = "Begins sagas, lets them go on, and tells where they are.";

/// The rules that lead to each handler.
fn rules(choreographies: &[Choreography]) -> BTreeMap<&str, Vec<Rule>> {
    let mut rules: BTreeMap<&str, Vec<Rule>> = BTreeMap::new();
    for choreography in choreographies {
        for (step, undo, call) in calls(choreography) {
            if let Task::Lambda { handler, .. } = &call.task {
                let own = rules.entry(handler).or_default();
                own.push(rule::of_step(choreography, step, undo));
            }
        }
    }
    rules
}

/// Every do and undo of a saga.
fn calls(choreography: &Choreography) -> Vec<(&str, bool, &Call)> {
    let mut calls = Vec::new();
    for node in choreography.saga().body.all_nodes() {
        let Node::Step(step) = node else { continue };
        calls.push((step.name.as_str(), false, &step.call));
        if let Kind::Compensatable { compensation } = &step.kind {
            calls.push((&step.name, true, &**compensation));
        }
    }
    calls
}

/// Adds a function, the rules that lead to it, and the queue for what they or it could not deal with.
fn serve(handler: &Handler, rules: Vec<Rule>, package: &Package<'_>, stack: &mut Stack<'_>) {
    let id = logical_id::function(&handler.name);
    let letters = format!("{}DeadLetters", logical_id::of(&handler.name, ""));
    let place = &handler.place;
    function::add(handler, &package.resources, runtime(&letters), stack);
    let arns = rules.iter().map(|rule| Yaml::attribute(&rule.id, "Arn"));
    let about = format!("Events did not come through to {}.", handler.name);
    queue::add_dead_letters(&letters, &about, arns.collect(), place, stack);
    for rule in rules {
        rule::add(rule, &id, &letters, place, stack);
    }
}

/// What the runtime of a handler needs that hears events: to read and replace records beside its fence, and
/// a place for the events that it fails on.
fn runtime(letters: &str) -> Runtime {
    let mut runtime = fences::runtime();
    runtime.statements = vec![
        policy::allow(
            "UseFencesAndRecords",
            ["dynamodb:GetItem", "dynamodb:PutItem"],
            Yaml::attribute(NAME, "Arn"),
        ),
        policy::allow(
            "GiveUp",
            ["sqs:SendMessage"],
            Yaml::attribute(letters, "Arn"),
        ),
    ];
    let destination = map([
        ("Type", Yaml::from("SQS")),
        ("Destination", Yaml::attribute(letters, "Arn")),
    ]);
    let invoked = map([
        ("MaximumRetryAttempts", Yaml::from(2_u32)),
        ("DestinationConfig", map([("OnFailure", destination)])),
    ]);
    runtime.properties.push(("EventInvokeConfig", invoked));
    runtime.letters = Some(review::HANDED_OVER);
    runtime
}

/// A function of the runtime's own.
fn own(name: &str, about: &str, place: &Place) -> Handler {
    let data = || Data {
        schema: serde_json::json!({}),
        sensitive: Vec::new(),
    };
    Handler {
        name: name.to_owned(),
        description: Some(about.to_owned()),
        place: place.clone(),
        input: data(),
        output: data(),
        timeout_seconds: OWN_TIMEOUT,
        memory_mib: None,
        concurrency: None,
        environment: Vec::new(),
        secrets: Vec::new(),
        unfenced: None,
        uses: Vec::new(),
    }
}

/// A list of texts.
fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Yaml {
    list(texts.into_iter().map(|text| Yaml::from(text.as_ref())))
}
