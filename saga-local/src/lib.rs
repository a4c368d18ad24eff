//! Run sagas on this machine: the drivers of the engine's effects.
//!
//! - [`drive`]: an execution to its end, in virtual or real time
//! - [`mock`]: services that answer as a configuration says
//! - [`lambda`]: the real handlers, as child processes over the Lambda Runtime API
//! - [`dynamodb`]: tables in memory, with the expression language
//! - [`messaging`]: topics, queues and buses in memory, with [`pattern`]s as filters
//! - [`services`]: all of them, as a manifest declares them; [`http`] serves them to handlers
//! - `endpoint`: AWS-compatible services at a URL instead, with the feature `aws`
//! - [`saga`]: a saga from its start to its end, with faults; [`testing`] is that for users' tests
//! - [`mod@verify`]: every failure of a saga, explored in one line of a test

pub mod drive;
pub use saga_dynamodb as dynamodb;
#[cfg(feature = "aws")]
pub mod endpoint;
pub mod http;
mod identifier;
pub mod lambda;
pub mod messaging;
pub mod mock;
pub mod pattern;
pub mod saga;
pub mod services;
pub mod testing;
pub mod verify;

pub use saga_dynamodb::{ACCOUNT, REGION};
pub use verify::verify;

/// A name for an execution that no other one has.
#[must_use]
pub fn execution_name() -> String {
    identifier::random()
}

/// The ARN of a topic.
pub(crate) fn topic_arn(name: &str) -> String {
    format!("arn:aws:sns:{REGION}:{ACCOUNT}:{name}")
}

/// The URL of a queue.
pub(crate) fn queue_url(name: &str) -> String {
    format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}")
}
