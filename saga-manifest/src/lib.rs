//! The manifest: what a package's binary tells the tools about its sagas.
//!
//! A saga is written in Rust with `saga-dsl`. Asked through [`ASK`], the binary writes one
//! [`Manifest`] as JSON; `saga-cli` reads it with [`Manifest::read`] and compiles it. Nothing else
//! passes between the two, so they may be built from different versions of these crates as long as
//! [`VERSION`] agrees.
//!
//! From the outside in: [`manifest`] → [`saga`] → [`flow`] → [`step`] → [`task`] → [`expr`], with the
//! [`handler`]s and [`resource`]s that tasks name, the [`trigger`]s that start a saga, the [`api`]s beside it, and
//! the [`deployment`] of them all.

pub mod api;
pub mod deployment;
pub mod error;
pub mod expr;
pub mod flow;
pub mod handler;
pub mod manifest;
pub mod place;
pub mod resource;
pub mod saga;
pub mod step;
pub mod task;
pub mod trigger;

pub use manifest::{ASK, Manifest, Problem, ReadError, VERSION};
