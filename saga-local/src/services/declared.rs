//! What a manifest declares, as empty tables, topics and queues.

use saga_fence::table::{NAME, PARTITION_KEY, SORT_KEY};
use saga_manifest::Manifest;
use saga_manifest::resource::{self, KeyKind};
use serde_json::{Map, Value};

use super::{PARKED_QUEUE, State};
use crate::dynamodb::{Index, KeyAttribute, KeySchema, KeyType, Table};
use crate::messaging::{Bus, DeadLetters, FilterScope, Queue, Subscription, Topic};
use crate::pattern::Pattern;

/// How long the parking queue keeps messages: 14 days, in seconds.
const PARKED_RETENTION: u32 = 1_209_600;

/// The name of a queue's own dead-letter queue.
fn dead_letters_of(queue: &str) -> String {
    format!("{queue}DeadLetters")
}

pub(super) fn state(manifest: &Manifest) -> State {
    let mut state = State::default();
    for declared in &manifest.tables {
        state.dynamodb.create(&declared.name, table(declared));
    }
    state.dynamodb.create(NAME, fences());
    let messaging = &mut state.messaging;
    messaging.buses.insert("default".into(), Bus::default());
    messaging
        .queues
        .insert(PARKED_QUEUE.into(), Queue::new(30, PARKED_RETENTION, None));
    for declared in &manifest.topics {
        messaging
            .topics
            .insert(declared.name.clone(), Topic::default());
    }
    for declared in &manifest.queues {
        let dead_letters = declared.dead_letter_after.map(|after| DeadLetters {
            queue: dead_letters_of(&declared.name),
            after,
        });
        if let Some(dead_letters) = &dead_letters {
            let queue = Queue::new(30, PARKED_RETENTION, None);
            messaging.queues.insert(dead_letters.queue.clone(), queue);
        }
        let (visibility, retention) = (
            declared.visibility_timeout_seconds,
            declared.retention_seconds,
        );
        messaging.queues.insert(
            declared.name.clone(),
            Queue::new(visibility, retention, dead_letters),
        );
        for subscribed in &declared.subscriptions {
            let topic = messaging
                .topics
                .entry(subscribed.topic.clone())
                .or_default();
            topic
                .subscriptions
                .push(subscription(&declared.name, subscribed));
        }
    }
    state
}

fn table(declared: &resource::Table) -> Table {
    let indexes = declared.indexes.iter().map(|index| Index {
        name: index.name.clone(),
        key: schema(&index.partition_key, index.sort_key.as_ref()),
    });
    Table::new(
        schema(&declared.partition_key, declared.sort_key.as_ref()),
        indexes.collect(),
    )
}

/// The table of the sagas' fences.
fn fences() -> Table {
    let attribute = |name: &str| KeyAttribute {
        name: name.to_owned(),
        kind: KeyType::String,
    };
    let key = KeySchema {
        partition: attribute(PARTITION_KEY),
        sort: Some(attribute(SORT_KEY)),
    };
    Table::new(key, Vec::new())
}

fn schema(partition: &resource::Key, sort: Option<&resource::Key>) -> KeySchema {
    let attribute = |key: &resource::Key| KeyAttribute {
        name: key.name.clone(),
        kind: match key.kind {
            KeyKind::String => KeyType::String,
            KeyKind::Number => KeyType::Number,
        },
    };
    KeySchema {
        partition: attribute(partition),
        sort: sort.map(attribute),
    }
}

fn subscription(queue: &str, subscribed: &resource::Subscription) -> Subscription {
    let policy: Map<String, Value> = subscribed
        .filters
        .iter()
        .map(|filter| (filter.attribute.clone(), filter.any_of.clone().into()))
        .collect();
    let filter = (!policy.is_empty()).then(|| Pattern::read(&policy.into()));
    Subscription {
        queue: queue.into(),
        raw: subscribed.raw,
        // A manifest's filters are lists of texts: what is read here is always a policy.
        filter: filter.and_then(Result::ok),
        scope: FilterScope::MessageAttributes,
    }
}
