//! Findings that an author has looked at and accepted, with a reason.
//!
//! In the `Comment` of a machine or a state, or in a YAML comment:
//! `saga-lint allow ASL310: the function has its own deadline`. In a `Comment` it holds for
//! that machine or state with everything inside; in a YAML comment for the entry it stands
//! above or beside. What AWS refuses cannot be accepted: errors stay.

use crate::syntax::{Comment, Node, Span};

const MARK: &str = "saga-lint allow";

/// A suppression as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The codes or names of the rules.
    pub rules: Vec<String>,
    /// Why; may be missing.
    pub reason: String,
    /// Where it stands.
    pub place: Span,
    /// What it holds for.
    pub extent: Span,
}

/// All suppressions of a definition and its comments.
pub fn collect(source: &str, root: &Node<'_>, comments: &[Comment<'_>]) -> Vec<Suppression> {
    let mut found = Vec::new();
    // Most texts have none, and need not be gone through.
    if !source.contains(MARK) {
        return found;
    }
    in_fields(root, &mut found);
    for comment in comments {
        if let Some(suppression) = parse(comment.text, comment.span, below(root, comment.span)) {
            found.push(suppression);
        }
    }
    found
}

/// Looks for `Comment` fields. Only objects that a person may comment on are large; others have none.
fn in_fields(node: &Node<'_>, found: &mut Vec<Suppression>) {
    for member in node.members() {
        match (member.name.text.as_ref(), member.value.as_str()) {
            ("Comment", Some(text)) => found.extend(parse(text, member.value.span, node.span)),
            _ => in_fields(&member.value, found),
        }
    }
    node.items().iter().for_each(|item| in_fields(item, found));
}

fn parse(text: &str, place: Span, extent: Span) -> Option<Suppression> {
    let (_, rest) = text.split_once(MARK)?;
    let (rules, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let rules = rules
        .split([',', ' '])
        .filter(|rule| !rule.is_empty())
        .map(str::to_owned);
    Some(Suppression {
        rules: rules.collect(),
        reason: reason.trim().to_owned(),
        place,
        extent,
    })
}

/// The entry that a comment belongs to: the first that begins behind it, or the one it stands behind.
fn below(root: &Node<'_>, comment: Span) -> Span {
    let mut best: Option<Span> = None;
    visit(root, &mut |entry| {
        let behind = entry.start >= comment.end;
        if behind && best.is_none_or(|best| (entry.start, best.end) < (best.start, entry.end)) {
            best = Some(entry);
        }
    });
    best.unwrap_or(root.span)
}

fn visit(node: &Node<'_>, entry: &mut impl FnMut(Span)) {
    for member in node.members() {
        entry(member.name.span.to(member.value.span));
        visit(&member.value, entry);
    }
    for item in node.items() {
        entry(item.span);
        visit(item, entry);
    }
}
