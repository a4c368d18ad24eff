//! What a check tells its caller.

use std::fmt;

use super::Fix;
use crate::syntax::{Position, Span};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A matter of cost or habit.
    Note,
    /// AWS takes it, and it goes wrong when it runs.
    Warning,
    /// AWS refuses it.
    Error,
}

impl Severity {
    /// The name for people and machines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something that is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's code, such as `ASL111`.
    pub code: &'static str,
    /// The rule's name, such as `dangling-target`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in lower case, the author's text in backticks.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// JSON Pointer to the value in the checked text. In a string that holds a definition it goes on inside.
    pub pointer: String,
    /// The text to underline, in bytes.
    pub span: Span,
    /// Where that begins, for people.
    pub position: Position,
    /// Where that ends, for people.
    pub end: Position,
    /// An edit that certainly repairs it.
    pub fix: Option<Fix>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = (self.position.line, self.position.column);
        write!(
            f,
            "{line}:{column}: {}[{}]: {}",
            self.severity.as_str(),
            self.code,
            self.message
        )
    }
}
