//! Text to trees: JSON and YAML with the place of every value.
//!
//! Both readers recover: they give a tree of what could be read, and every
//! problem they met. A tree borrows from the text where it can.

mod json;
mod lines;
mod node;
mod pointer;
mod span;
mod text_map;
mod yaml;

pub use self::lines::{Lines, Position};
pub use self::node::{Member, Name, Node, Syntax};
pub use self::pointer::{escape, pointer_to};
pub use self::span::Span;
pub use self::text_map::TextMap;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2.
    Yaml,
}

impl Format {
    /// The format of a text that says nothing about it: JSON where it begins like an object, an
    /// array or a string, or has no second line.
    #[must_use]
    pub fn guess(text: &str) -> Self {
        let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let json = start.starts_with(['{', '[', '"']) || !start.trim_end().contains('\n');
        if json { Self::Json } else { Self::Yaml }
    }
}

/// Why a text could not be read at some place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What is wrong, in lower case.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: &'static str,
    /// An edit that certainly repairs it: the span to replace, and with what.
    pub fix: Option<(Span, &'static str)>,
}

/// A comment of the source, which may carry a suppression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment<'s> {
    /// Where, with its mark.
    pub span: Span,
    /// The text without its mark.
    pub text: &'s str,
}

/// What a reader made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree<'s> {
    /// The value, as far as it could be read.
    pub root: Node<'s>,
    /// Every problem met, in the order of the text.
    pub errors: Vec<SyntaxError>,
    /// The comments, in the order of the text.
    pub comments: Vec<Comment<'s>>,
}

/// Reads a text.
#[must_use]
pub fn parse(text: &str, format: Format) -> Tree<'_> {
    match format {
        Format::Json => json::parse(text),
        Format::Yaml => yaml::parse(text),
    }
}
