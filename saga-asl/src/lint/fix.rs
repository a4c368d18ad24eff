//! Edits that repair a finding.

use std::ops::Range;

use super::Diagnostic;
use crate::syntax::Span;

/// A repair that changes nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, such as ``remove `Catch` ``.
    pub title: String,
    /// The edits, none of which touch each other.
    pub edits: Vec<Edit>,
}

/// A text to replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The text that goes.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}

/// Applies every fix of the diagnostics that touches no other. Gives the new text, and how many were applied.
#[must_use]
pub fn apply(source: &str, diagnostics: &[Diagnostic]) -> (String, usize) {
    let mut accepted: Vec<&Edit> = Vec::new();
    let mut applied = 0;
    for fix in diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic.fix.as_ref())
    {
        let free = |edit: &Edit| accepted.iter().all(|other| !touch(edit.span, other.span));
        if fix.edits.iter().all(free) {
            accepted.extend(&fix.edits);
            applied += 1;
        }
    }
    accepted.sort_by_key(|edit| edit.span);
    (rewrite(source, &accepted), applied)
}

fn touch(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

fn rewrite(source: &str, edits: &[&Edit]) -> String {
    let mut text = String::with_capacity(source.len());
    let mut behind = 0;
    for edit in edits {
        text.push_str(source.get(behind..edit.span.start).unwrap_or_default());
        text.push_str(&edit.text);
        behind = Range::from(edit.span).end;
    }
    text + source.get(behind..).unwrap_or_default()
}
