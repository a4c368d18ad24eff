//! The Amazon States Language: read, check and explain any definition.
//!
//! - [`json`]: values as their author wrote them
//! - [`syntax`]: text to trees that know their places
//! - [`model`]: the language as types
//! - [`data`]: the values that states hand on
//! - [`jsonpath`], [`intrinsic`], [`jsonata`]: the query languages

mod bits;
pub mod data;
pub mod document;
pub mod flow;
pub mod integration;
pub mod intrinsic;
pub mod json;
pub mod jsonata;
pub mod jsonpath;
pub mod lint;
pub mod model;
pub mod outline;
pub mod recovery;
pub mod rules;
pub mod schema;
pub mod syntax;
mod words;
