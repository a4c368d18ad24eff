//! What starts a saga: an API, schedules, rules on events, pipes from queues.

mod access;
mod api;
mod event;
mod mapping;
mod model;
mod pipe;
mod schedule;
mod starter;

use saga_asl::model::StateMachine;
use saga_manifest::place::Place;
use saga_manifest::trigger::Source;

use super::queue::Watched;
use super::stack::Stack;
use super::{policy, queue, role};
use crate::checked::{Package, Saga};
use crate::yaml::Yaml;

/// Adds what starts a saga. `key` is what encrypts its history.
pub(super) fn add(
    saga: &Saga<'_>,
    starter: Option<&StateMachine>,
    key: Option<Yaml>,
    package: &Package<'_>,
    stack: &mut Stack<'_>,
) {
    let name = saga.definition.name.as_str();
    if let Some(starter) = starter {
        starter::add(saga, starter, key, package, stack);
    }
    let (mut rules, mut kept) = (Vec::new(), None);
    let mut counts = [0_u32; 3];
    for trigger in &saga.definition.triggers {
        let place = &trigger.place;
        let [schedules, events, queues] = &mut counts;
        match &trigger.source {
            Source::Http(http) => api::add(http, saga, place, stack),
            Source::Schedule(schedule) => {
                schedule::add(
                    schedule,
                    &numbered(name, "Schedule", schedules),
                    name,
                    place,
                    stack,
                );
            }
            Source::Event(event) => {
                let id = numbered(name, "Event", events);
                event::add(event, &id, name, place, stack);
                rules.push(Yaml::attribute(&id, "Arn"));
            }
            Source::Queue(from) => {
                let id = numbered(name, "Pipe", queues);
                pipe::add(from, &id, name, package, place, stack);
            }
        }
        if !matches!(trigger.source, Source::Http(_)) {
            kept.get_or_insert(place);
        }
    }
    if let Some(place) = kept {
        let about = format!("What should have started {name} and did not lies here.");
        let not_started = Watched {
            id: &not_started(name),
            alarm: &about,
            output: &about,
            rules,
        };
        queue::add_watched(not_started, place, stack);
    }
}

/// The queue of what could not be started.
fn not_started(saga: &str) -> String {
    format!("{saga}NotStarted")
}

/// `FareCollectionEvent`, then `FareCollectionEvent2`.
fn numbered(saga: &str, kind: &str, count: &mut u32) -> String {
    *count += 1;
    match *count {
        1 => format!("{saga}{kind}"),
        number => format!("{saga}{kind}{number}"),
    }
}

/// Adds the role of a service that starts the saga.
fn starts(
    id: &str,
    service: &str,
    statements: Vec<Yaml>,
    saga: &str,
    place: &Place,
    stack: &mut Stack<'_>,
) -> Yaml {
    let about = format!("Starts {saga}.");
    let role = role::role(service, &about, statements, stack.options, Some(saga));
    let role_id = format!("{id}Role");
    stack.resource(role_id.clone(), role, place);
    Yaml::attribute(&role_id, "Arn")
}

/// Keeping what could not be started.
fn keeps(saga: &str) -> Yaml {
    let queue = Yaml::attribute(&not_started(saga), "Arn");
    policy::allow("KeepWhatWasNotStarted", ["sqs:SendMessage"], queue)
}
