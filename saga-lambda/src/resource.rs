//! The tables, topics and queues that a handler states in its `uses(…)`, as the stack names them.

use saga_dsl::{Queue, Table, Topic};

/// A resource that the function's environment does not name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{variable}` is not set: state in the step's `#[step(uses(…))]` that its handler uses `{resource}`"
)]
pub struct MissingResource {
    variable: String,
    resource: String,
}

/// The name of a table, from `SAGA_TABLE_<Name>`.
///
/// # Errors
/// When the step does not state that it uses the table.
pub fn table_name<T: Table>() -> Result<String, MissingResource> {
    read("SAGA_TABLE_", T::declare().name)
}

/// The ARN of a topic, from `SAGA_TOPIC_<Name>`.
///
/// # Errors
/// When the step does not state that it uses the topic.
pub fn topic_arn<T: Topic>() -> Result<String, MissingResource> {
    read("SAGA_TOPIC_", T::declare().name)
}

/// The URL of a queue, from `SAGA_QUEUE_<Name>`.
///
/// # Errors
/// When the step does not state that it uses the queue.
pub fn queue_url<Q: Queue>() -> Result<String, MissingResource> {
    read("SAGA_QUEUE_", Q::declare().name)
}

fn read(prefix: &str, resource: String) -> Result<String, MissingResource> {
    let variable = format!("{prefix}{resource}");
    match std::env::var(&variable) {
        Ok(value) if !value.is_empty() => Ok(value),
        _ => Err(MissingResource { variable, resource }),
    }
}
