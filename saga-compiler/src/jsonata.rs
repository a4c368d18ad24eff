//! Expressions of the manifest as JSONata, the query language of the emitted state machines.
//!
//! - [`term`]: text with its binding strength, so that parentheses stand where they are needed
//! - [`literal`]: constants, quoted so that neither JSONata nor a substitution takes them for its own
//! - [`scope`]: where the saga's data is when the expression runs
//! - [`value`]: any expression as text
//! - [`template`]: any expression as the JSON of `Arguments`, with text only at the leaves
//! - [`condition`]: a condition as text that cannot fail
//! - [`time`], [`wait`]: times as instants, and pauses, that cannot fail either
//! - [`attribute`], [`item`]: into the attribute values of DynamoDB, and back

pub(crate) mod attribute;
pub(crate) mod condition;
pub(crate) mod item;
pub(crate) mod literal;
pub(crate) mod scope;
pub(crate) mod template;
pub(crate) mod term;
mod time;
pub(crate) mod value;
pub(crate) mod wait;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use scope::Scope;
pub(crate) use term::Term;

use saga_asl::json::Value;

/// An expression between the delimiters that tell AWS to evaluate it.
pub(crate) fn delimited(text: impl std::fmt::Display) -> Value {
    Value::String(format!("{{% {text} %}}"))
}
