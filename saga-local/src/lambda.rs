//! Lambda, here: the functions of one bootstrap, run as child processes over the Lambda Runtime API.
//!
//! A [`Functions`] holds a pool of [`sandbox`]es for each function: one process works on one invocation
//! at a time, an idle one is used again, and one that died or ran out of time is replaced.

mod api;
mod environment;
mod error;
mod function;
mod sandbox;
mod wire;

pub use error::FunctionError;
pub use function::{Answer, Function, Functions, Log};
pub(crate) use sandbox::GRACE;
