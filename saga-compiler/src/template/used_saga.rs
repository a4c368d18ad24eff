//! Sagas that a function begins or looks at: what it is told, and what its role allows.

use saga_fence::table::{NAME, VARIABLE};
use saga_manifest::handler::{Access, Handler, MACHINE_VARIABLE, ResourceKind, Use};

use super::function::action;
use super::{arn, policy};
use crate::checked::Resources;
use crate::logical_id;
use crate::permission::{Property, Resource};
use crate::yaml::{Yaml, list, map};

/// Where the sagas are that a function uses: their state machines, or the table of their records.
pub(super) fn variables(handler: &Handler, by_events: bool) -> Vec<(String, Yaml)> {
    let used = handler.uses.iter();
    let used = used.filter(|used| used.kind == ResourceKind::Saga);
    used.map(|Use { resource, .. }| match by_events {
        true => (VARIABLE.to_owned(), Yaml::reference(NAME)),
        false => (
            format!("{MACHINE_VARIABLE}{resource}"),
            Yaml::reference(&logical_id::state_machine(resource)),
        ),
    })
    .collect()
}

/// What using a saga takes. Whoever begins one sees whether it has begun before.
pub(super) fn statements(used: &Use, resources: &Resources<'_>, by_events: bool) -> Vec<Yaml> {
    match by_events {
        true => vec![of_records(used)],
        false => of_machine(used, resources),
    }
}

/// The records of one saga: the partitions that begin with its name.
fn of_records(used: &Use) -> Yaml {
    let saga = &used.resource;
    let puts = used.access.contains(&Access::Start);
    let actions = ["dynamodb:GetItem"].into_iter();
    let actions = actions.chain(puts.then_some("dynamodb:PutItem"));
    let keys =
        list([Yaml::from(format!("{saga}/*")).commented("records are named by their sagas")]);
    let keys = map([("dynamodb:LeadingKeys", keys)]);
    policy::allow_if(
        &format!("Use{}", logical_id::of(saga, "Saga")),
        actions,
        Yaml::attribute(NAME, "Arn"),
        map([("ForAllValues:StringLike", keys)]),
    )
}

fn of_machine(used: &Use, resources: &Resources<'_>) -> Vec<Yaml> {
    let saga = used.resource.as_str();
    let id = logical_id::of(saga, "Saga");
    let machine = arn::property(Resource::StateMachine(saga), Property::Arn, resources);
    let executions = arn::property(Resource::Executions(saga), Property::Arn, resources);
    let start = used.access.contains(&Access::Start);
    let start =
        start.then(|| policy::allow(&format!("Start{id}"), [action(Access::Start)], machine));
    let view = policy::allow(&format!("View{id}"), [action(Access::View)], executions);
    start.into_iter().chain([view]).collect()
}
