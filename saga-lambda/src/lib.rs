//! The Lambda runtime of saga steps: one bootstrap serves every handler of a package.
//!
//! [`main!`] is a user's whole `main`. The binary is one of three things: asked by `saga-cli`, it writes
//! its manifest; started by Lambda, it serves the handler that `_HANDLER` names; started by hand, it
//! says what it is.
//!
//! Lambda invokes a handler for a state machine, or with an event of a bus: then `choreography` goes through the same
//! `serve` and fence, and writes down what follows.
//!
//! API Gateway invokes an [`api`](saga_dsl::api) with requests, and its authorizer with tokens: `api` reads both. What those
//! need is public: [`sagas`] (begun and looked at), [`token`], [`secret`], [`Page`].
//!
//! Reading order: `entry` → `handler` → `serve`, which goes through `event` → `panic` → `answer`, with
//! `fence` (the record that an effect has), `log` and `redact` beside them; `runtime_api` over `connection` is what Lambda speaks, and `shutdown` how it ends.

mod answer;
mod api;
mod aws;
mod choreography;
mod connection;
mod dynamodb;
mod entry;
mod event;
mod fence;
mod handler;
mod log;
mod manifest;
mod page;
mod panic;
mod redact;
mod resource;
mod runtime_api;
pub mod sagas;
pub mod secret;
mod serve;
mod settings;
mod shutdown;
mod timestamp;
pub mod token;

pub use dynamodb::{Dynamodb, DynamodbError};
pub use page::Page;
pub use resource::{
    MissingResource, MissingVariable, queue_url, required_variable, table_name, topic_arn, variable,
};

/// What [`main!`] expands to.
#[doc(hidden)]
pub mod __private {
    pub use crate::entry::run;
    pub use saga_dsl::Package;
}

/// The README's Rust is compiled as a user's would be.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
