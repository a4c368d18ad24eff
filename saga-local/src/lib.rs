//! Run sagas on this machine: the drivers of the engine's effects.
//!
//! - [`lambda`]: the real handlers, as child processes over the Lambda Runtime API
//! - [`dynamodb`]: tables in memory, with the expression language

pub mod dynamodb;
pub mod identifier;
pub mod lambda;

/// The region that everything here says it is in.
pub const REGION: &str = "us-east-1";

/// The account that everything here says it belongs to.
pub const ACCOUNT: &str = "123456789012";
