//! A reader of YAML: the events of a parser, made into a tree.
//!
//! CloudFormation's short forms become their long ones (`!Sub x` is `{"Fn::Sub": "x"}`), so that
//! nobody after this has to know which format a template was in.

mod build;
mod scalar;
mod tag;

pub use self::build::parse;

#[cfg(test)]
mod tests;
