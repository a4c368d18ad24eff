//! A reader of JSON that recovers from errors.

mod literal;
mod parser;
mod scan;
mod string;

pub use self::parser::parse;

#[cfg(test)]
mod tests;
