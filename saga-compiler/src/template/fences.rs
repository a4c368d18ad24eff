//! The table of the fences: one for all sagas of a stack.

use saga_fence::table::{EXPIRES, NAME, PARTITION_KEY, SORT_KEY, VARIABLE};
use saga_manifest::place::Place;

use super::stack::Stack;
use super::{deleted, policy, resource, tags};
use crate::yaml::{Yaml, list, map};

/// Adds the table.
pub(super) fn add(place: &Place, stack: &mut Stack<'_>) {
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
    let properties = map([
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
        (
            "PointInTimeRecoverySpecification",
            map([("PointInTimeRecoveryEnabled", true.into())]),
        ),
        ("SSESpecification", map([("SSEEnabled", true.into())])),
        ("Tags", tags::as_list(stack.options, None)),
    ]);
    let table = resource("AWS::DynamoDB::Table", deleted(), properties);
    stack.resource(NAME.to_owned(), table, place);
}

/// The variable by which a function finds the table.
pub(super) fn variable() -> (String, Yaml) {
    (VARIABLE.to_owned(), Yaml::reference(NAME))
}

/// What a function may do with the table: one conditional put is all that its runtime asks of it.
pub(super) fn statement() -> Yaml {
    policy::allow(
        "UseFences",
        ["dynamodb:PutItem"],
        Yaml::attribute(NAME, "Arn"),
    )
}
