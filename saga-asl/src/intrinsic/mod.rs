//! Intrinsic functions, the `States.…(…)` expressions of JSONPath states.
//!
//! [`Call::parse`] reads one, with its nested calls; [`Call::evaluate`] computes it. The
//! table in [`Intrinsic`] is the one place that knows names and numbers of arguments
//! (developer guide, "Intrinsic functions for JSONPath states").

mod array;
mod evaluate;
mod format;
mod hash;
mod json;
mod number;
mod parse;
mod table;

pub use evaluate::{Failure, Random};
pub use parse::IntrinsicError;
pub use table::Intrinsic;
pub use {hash::digest, number::uuid};

use crate::data::Data;
use crate::jsonpath::Path;

/// A parsed call of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function.
    pub function: Intrinsic,
    /// Its arguments in order, as many as the function takes.
    pub arguments: Vec<Argument>,
    text: Box<str>,
    at: usize,
}

/// An argument of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A string in single quotes, a number, `true`, `false` or `null`.
    Literal(Data),
    /// A path into the input, the context object or a variable.
    Path(Path),
    /// Another call.
    Call(Box<Call>),
}

impl Call {
    /// The call as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Byte offset of the call in the expression that it was parsed from.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Every path among the arguments, those of nested calls included.
    pub fn paths(&self) -> Vec<&Path> {
        let mut paths = Vec::new();
        self.collect_paths(&mut paths);
        paths
    }

    fn collect_paths<'c>(&'c self, paths: &mut Vec<&'c Path>) {
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => paths.push(path),
                Argument::Call(call) => call.collect_paths(paths),
                Argument::Literal(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
