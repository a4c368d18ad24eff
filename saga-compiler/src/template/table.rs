//! DynamoDB tables.

use saga_manifest::resource::{Index, Key, KeyKind, Table};

use super::condition::{IS_PROTECTED, either};
use super::settings::Settings;
use super::stack::Stack;
use super::{deleted, encryption, output, refer, resource, review, tags};
use crate::checked::dynamodb::keys;
use crate::logical_id;
use crate::yaml::{Yaml, list, map};

pub(super) fn add(table: &Table, stack: &mut Stack<'_>) {
    let id = logical_id::table(&table.name);
    if !refer(
        &table.origin,
        &format!("the table {}", table.name),
        &table.place,
        stack,
    ) {
        return;
    }
    let mut properties = vec![
        ("AttributeDefinitions", attributes(table)),
        ("KeySchema", schema(keys(table))),
    ];
    if !table.indexes.is_empty() {
        properties.push((
            "GlobalSecondaryIndexes",
            list(table.indexes.iter().map(index)),
        ));
    }
    properties.extend([("BillingMode", "PAY_PER_REQUEST".into())]);
    properties.extend(kept_safe(stack.options));
    properties.push(("Tags", tags::as_list(stack.options, None)));
    let table_resource = created(map(properties), stack.options);
    stack.resource(id.clone(), table_resource, &table.place);
    let about = format!("Name of the table {}.", table.name);
    stack.output(
        format!("{id}Name"),
        output::output(&about, Yaml::reference(&id)),
    );
}

/// A table's protection: from loss, from readers of disks, from deletion.
pub(super) fn kept_safe(options: &Settings<'_>) -> [(&'static str, Yaml); 3] {
    let recoverable = options.deployment.unrecoverable.is_none();
    let recovery = map([("PointInTimeRecoveryEnabled", Yaml::from(recoverable))]);
    let encryption = map([
        ("SSEEnabled", true.into()),
        ("SSEType", "KMS".into()),
        ("KMSMasterKeyId", encryption::key()),
    ]);
    let protection = either(IS_PROTECTED, true.into(), false.into());
    [
        ("PointInTimeRecoverySpecification", recovery),
        ("SSESpecification", encryption),
        ("DeletionProtectionEnabled", protection),
    ]
}

/// A table of these properties.
pub(super) fn created(properties: Yaml, options: &Settings<'_>) -> Yaml {
    let unrecoverable = options.deployment.unrecoverable.as_deref();
    let excepted: Vec<_> = unrecoverable
        .map(|reason| ("CKV_AWS_28", reason))
        .into_iter()
        .collect();
    let parts = review::exceptions(&excepted).map(|exceptions| ("Metadata", map([exceptions])));
    resource(
        "AWS::DynamoDB::Table",
        parts.into_iter().chain(deleted()),
        properties,
    )
}

/// The key attributes of the table and its indexes, each once.
fn attributes(table: &Table) -> Yaml {
    let of_indexes = table.indexes.iter().flat_map(index_keys);
    let mut named: Vec<&Key> = Vec::new();
    for key in keys(table).chain(of_indexes) {
        if !named.iter().any(|known| known.name == key.name) {
            named.push(key);
        }
    }
    list(named.into_iter().map(|key| {
        let kind = match key.kind {
            KeyKind::String => "S",
            KeyKind::Number => "N",
        };
        map([
            ("AttributeName", Yaml::from(&key.name)),
            ("AttributeType", kind.into()),
        ])
    }))
}

fn index_keys(index: &Index) -> impl Iterator<Item = &Key> {
    std::iter::once(&index.partition_key).chain(&index.sort_key)
}

fn schema<'a>(keys: impl Iterator<Item = &'a Key>) -> Yaml {
    let roles = ["HASH", "RANGE"];
    list(keys.zip(roles).map(|(key, role)| {
        map([
            ("AttributeName", Yaml::from(&key.name)),
            ("KeyType", role.into()),
        ])
    }))
}

fn index(index: &Index) -> Yaml {
    map([
        ("IndexName", Yaml::from(&index.name)),
        ("KeySchema", schema(index_keys(index))),
        ("Projection", map([("ProjectionType", "ALL".into())])),
    ])
}
