//! The Amazon States Language: read, check and explain any definition.
//!
//! - [`json`]: values as their author wrote them
//! - [`model`]: the language as types

pub mod json;
pub mod model;
