//! The table of the fences: one for all sagas of a stack.

use saga_fence::table::{EXPIRES, NAME, PARTITION_KEY, SORT_KEY, VARIABLE};
use saga_manifest::place::Place;

use super::function::Runtime;
use super::stack::Stack;
use super::{policy, table, tags};
use crate::yaml::{Yaml, list, map};

/// Adds the table, with a stream of its changes if somebody reads one.
pub(super) fn add(place: &Place, stream: Option<(&'static str, Yaml)>, stack: &mut Stack<'_>) {
    let keys = [(PARTITION_KEY, "HASH"), (SORT_KEY, "RANGE")];
    let attribute = |(name, _): (&str, &str)| {
        map([
            ("AttributeName", Yaml::from(name)),
            ("AttributeType", "S".into()),
        ])
    };
    let key = |(name, kind): (&str, &str)| {
        map([
            ("AttributeName", Yaml::from(name)),
            ("KeyType", kind.into()),
        ])
    };
    let properties = [
        ("AttributeDefinitions", list(keys.map(attribute))),
        ("KeySchema", list(keys.map(key))),
        ("BillingMode", "PAY_PER_REQUEST".into()),
        (
            "TimeToLiveSpecification",
            map([
                ("AttributeName", Yaml::from(EXPIRES)),
                ("Enabled", true.into()),
            ]),
        ),
    ];
    let safe = table::kept_safe(stack.options);
    let tags = ("Tags", tags::as_list(stack.options, None));
    let properties = properties.into_iter().chain(safe).chain([tags]);
    let table = table::created(map(properties.chain(stream)), stack.options);
    stack.resource(NAME.to_owned(), table, place);
}

/// What the runtime of a handler with a fence needs: the table's name, and one conditional put.
pub(super) fn runtime() -> Runtime {
    Runtime {
        variables: vec![(VARIABLE.to_owned(), Yaml::reference(NAME))],
        statements: vec![policy::allow(
            "UseFences",
            ["dynamodb:PutItem"],
            Yaml::attribute(NAME, "Arn"),
        )],
        properties: Vec::new(),
        letters: None,
    }
}
