//! Evaluation: what templates, paths and expressions come to while a state runs.

mod jsonata;
mod scope;
mod setting;
mod template;

pub use jsonata::{Expression, Jsonata, Unevaluated};
pub use scope::Scope;
