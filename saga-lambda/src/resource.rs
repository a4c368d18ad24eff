//! The tables, topics and queues that a handler states in its `uses(…)`, as the stack names them.

use saga_dsl::handler::environment;
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

/// A variable that the handler's environment lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{variable}` is not set: state it in the step's `#[step(env({variable} = …))]`; where that names a parameter, give it \
     a value (`saga-cli run --parameter NAME=VALUE`, `SagaTest::parameter`)"
)]
pub struct MissingVariable {
    variable: String,
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

/// The value of an environment variable of the handler at work: of its process, or, where tests run many
/// handlers in one process, of the environment that it was given.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    match environment::own() {
        Some(own) => own.get(name).cloned(),
        None => std::env::var(name).ok(),
    }
}

/// The value of an environment variable of the handler at work, as [`variable`] finds it.
///
/// # Errors
/// When it is not set, or empty.
pub fn required_variable(name: &str) -> Result<String, MissingVariable> {
    let value = variable(name).filter(|value| !value.is_empty());
    value.ok_or_else(|| MissingVariable {
        variable: name.to_owned(),
    })
}

fn read(prefix: &str, resource: String) -> Result<String, MissingResource> {
    let name = format!("{prefix}{resource}");
    match variable(&name).filter(|value| !value.is_empty()) {
        Some(value) => Ok(value),
        None => Err(MissingResource {
            variable: name,
            resource,
        }),
    }
}
