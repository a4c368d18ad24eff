//! Items whose isolation is stated, and what a call does with one.

use saga_dynamodb::{KeyAttribute, KeySchema, KeyType};
use saga_manifest::Manifest;
use saga_manifest::flow::Block;
use saga_manifest::resource::{Isolation, Key, KeyKind, Table};
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::Task as Calls;
use serde_json::{Map, Value, json};

use crate::sample;

/// An item of a table whose isolation can be explored: semantic locks, version checks and reread values.
#[derive(Clone, Debug, PartialEq)]
pub struct IsolatedItem {
    /// The table, as its author calls it.
    pub table: String,
    /// How sagas are kept apart on it.
    pub isolation: Isolation,
    /// What identifies it.
    pub key: KeySchema,
    /// Its other attributes when everything begins, as DynamoDB's JSON has them; none where it is not there.
    pub initial: Option<Value>,
    /// Whether the call takes the item's lock.
    pub takes_lock: bool,
}

/// What a call does with an item whose isolation can be explored. Not explored are items on which an author's own
/// condition looks: what they hold is not known.
pub(super) fn isolated(manifest: &Manifest, call: &Call) -> Option<IsolatedItem> {
    let table = table_of(manifest, &call.task)?;
    let field = match &table.isolation {
        Isolation::Lock(field) => Some((field, None)),
        Isolation::Version(field) => Some((field, Some(json!({ "N": "1" })))),
        Isolation::Reread => None,
        Isolation::Commutative | Isolation::None(_) => return None,
    };
    let calls: Vec<&Calls> = calls(manifest)
        .filter(|task| table_of(manifest, task).is_some_and(|it| it.name == table.name))
        .collect();
    if calls.iter().any(|task| has_condition(task)) {
        return None;
    }
    let made = |task: &&Calls| matches!(task, Calls::DynamodbLock { creates: true, .. });
    let read = |task: &&Calls| matches!(task, Calls::DynamodbGet { .. });
    let is_there = calls.iter().any(read) || !calls.iter().any(made);
    let mut attributes = Map::new();
    for task in &calls {
        if let Calls::DynamodbGet { item, .. } = task
            && let Value::Object(sampled) = sample::item(item)
        {
            attributes.extend(sampled);
        }
    }
    if let Some((field, value)) = field {
        attributes.remove(field);
        attributes.extend(value.map(|value| (field.clone(), value)));
    }
    Some(IsolatedItem {
        table: table.name.clone(),
        isolation: table.isolation.clone(),
        key: KeySchema {
            partition: attribute(&table.partition_key),
            sort: table.sort_key.as_ref().map(attribute),
        },
        initial: is_there.then_some(Value::Object(attributes)),
        takes_lock: matches!(call.task, Calls::DynamodbLock { .. }),
    })
}

fn table_of<'m>(manifest: &'m Manifest, task: &Calls) -> Option<&'m Table> {
    let (Calls::DynamodbGet { table, .. }
    | Calls::DynamodbPut { table, .. }
    | Calls::DynamodbUpdate { table, .. }
    | Calls::DynamodbLock { table, .. }
    | Calls::DynamodbRelease { table, .. }
    | Calls::DynamodbAdd { table, .. }
    | Calls::DynamodbDelete { table, .. }) = task
    else {
        return None;
    };
    manifest.tables.iter().find(|it| it.name == *table)
}

fn has_condition(task: &Calls) -> bool {
    match task {
        Calls::DynamodbPut { condition, .. }
        | Calls::DynamodbUpdate { condition, .. }
        | Calls::DynamodbLock { condition, .. }
        | Calls::DynamodbAdd { condition, .. }
        | Calls::DynamodbDelete { condition, .. } => condition.is_some(),
        _ => false,
    }
}

/// What all steps of all sagas call, compensations included.
fn calls(manifest: &Manifest) -> impl Iterator<Item = &Calls> {
    let steps = manifest.sagas.iter().map(|saga| &saga.body);
    let steps = steps.flat_map(Block::all_steps);
    steps.flat_map(|step: &Step| {
        let undo = match &step.kind {
            Kind::Compensatable { compensation } => Some(&compensation.task),
            _ => None,
        };
        [Some(&step.call.task), undo].into_iter().flatten()
    })
}

fn attribute(key: &Key) -> KeyAttribute {
    KeyAttribute {
        name: key.name.clone(),
        kind: match key.kind {
            KeyKind::String => KeyType::String,
            KeyKind::Number => KeyType::Number,
        },
    }
}
