//! The syntax of JSONata 2.0, as Step Functions takes it between `{%` and `%}`.
//!
//! [`parse`] reads an expression into a tree with places, or says where it is wrong. It is
//! for checking and explaining; evaluation is the engine's. [`references`] lists the
//! variables an expression reads with the fields it takes of them, and the functions it
//! calls.

mod function;
mod lex;
mod literal;
mod operator;
mod parse;
mod reference;
mod tree;

pub use function::{FORBIDDEN, FUNCTIONS, is_known};
pub use lex::SyntaxError;
pub use parse::parse;
pub use reference::{FunctionCall, Reference, References, references};
pub use tree::{Kind, Node};

/// The expression inside a string of a JSONata state: what stands between `{%` and `%}`,
/// with its byte offset in `text`. Any other string is a literal, also one with blanks
/// around the braces.
pub fn expression(text: &str) -> Option<(usize, &str)> {
    let inner = text.strip_prefix("{%")?.strip_suffix("%}")?;
    let trimmed = inner.trim_start();
    Some((2 + inner.len() - trimmed.len(), trimmed.trim_end()))
}

#[cfg(test)]
mod tests;
