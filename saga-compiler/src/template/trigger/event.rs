//! Rules of EventBridge: an event's detail is the saga's input.

use std::collections::BTreeMap;

use saga_asl::json::Value as Json;
use saga_manifest::place::Place;
use saga_manifest::trigger::{DetailFilter, Event};
use serde_json::Value;

use super::{not_started, starter, starts};
use crate::template::stack::Stack;
use crate::template::{parameter, policy, resource, tags};
use crate::yaml::{Yaml, list, map};

pub(super) fn add(event: &Event, id: &str, saga: &str, place: &Place, stack: &mut Stack<'_>) {
    let machine = Yaml::reference(&starter::id(saga));
    let start = policy::allow("StartExecution", ["states:StartExecution"], machine.clone());
    let role = starts(id, "events.amazonaws.com", vec![start], saga, place, stack);
    if let Some(bus) = &event.bus {
        let about = format!("Name of the bus whose events start {saga}.");
        stack.parameter(bus, parameter::text(&about), place);
    }
    let input = map([
        ("InputPathsMap", map([("detail", Yaml::from("$.detail"))])),
        ("InputTemplate", "{\"start\": <detail>}".into()),
    ]);
    let dead_letters = map([("Arn", Yaml::attribute(&not_started(saga), "Arn"))]);
    let target = map([
        ("Id", Yaml::from("Starter")),
        ("Arn", machine),
        ("RoleArn", role),
        ("InputTransformer", input),
        ("DeadLetterConfig", dead_letters),
    ]);
    let about = format!("{} of {} starts {saga}.", event.detail_type, event.source);
    let bus = event.bus.as_ref();
    let bus = bus.map(|parameter| ("EventBusName", Yaml::reference(parameter)));
    let rest = [
        ("EventPattern", pattern(event)),
        ("State", "ENABLED".into()),
        ("Targets", list([target])),
        ("Tags", tags::as_list(stack.options, Some(saga))),
    ];
    let head = [("Description", Yaml::from(about))];
    let properties = map(head.into_iter().chain(bus).chain(rest));
    stack.resource(
        id.to_owned(),
        resource("AWS::Events::Rule", [], properties),
        place,
    );
}

fn pattern(event: &Event) -> Yaml {
    let head = [
        ("source", list([Yaml::from(&event.source)])),
        ("detail-type", list([Yaml::from(&event.detail_type)])),
    ];
    let detail = (!event.filters.is_empty()).then(|| ("detail", detail(&event.filters)));
    map(head.into_iter().chain(detail))
}

/// The filters as one pattern: those on fields of one object beside each other.
fn detail(filters: &[DetailFilter]) -> Yaml {
    let paths = filters
        .iter()
        .map(|filter| (filter.path.as_slice(), filter.any_of.as_slice()));
    nested(&paths.collect::<Vec<_>>())
}

/// What is left of the way to a field, and the values that it may have.
type Below<'f> = (&'f [String], &'f [Value]);

fn nested(filters: &[Below<'_>]) -> Yaml {
    let mut fields: BTreeMap<&str, Vec<Below<'_>>> = BTreeMap::new();
    for (path, any_of) in filters {
        if let Some((first, rest)) = path.split_first() {
            fields.entry(first).or_default().push((rest, any_of));
        }
    }
    map(fields.into_iter().map(|(name, below)| {
        let own = below.iter().find(|(path, _)| path.is_empty());
        let pattern = match own {
            Some((_, any_of)) => list(
                any_of
                    .iter()
                    .map(|value| Yaml::from(&Json::from(value.clone()))),
            ),
            None => nested(&below),
        };
        (name, pattern)
    }))
}
