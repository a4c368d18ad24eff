//! What an exploration finds, and what it does not.

#![cfg(test)]

mod fences;
mod fixture;
mod items;
#[path = "../../saga-compiler/tests/manifest/mod.rs"]
#[allow(dead_code, reason = "shared with the compiler's tests")]
mod manifest;
mod mutations;
mod predict;
