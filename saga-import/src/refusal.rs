//! What cannot be imported: where, what, and what to do.

use saga_asl::syntax::{Lines, Node, Position, escape};

/// Why a definition is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where in the text.
    pub position: Position,
    /// The JSON Pointer to it, from the definition on.
    pub pointer: String,
    /// What stands there, in lower case.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// A definition's places.
pub(crate) struct Places<'t> {
    root: &'t Node<'t>,
    lines: Lines<'t>,
}

impl<'t> Places<'t> {
    pub(crate) fn new(text: &'t str, root: &'t Node<'t>) -> Self {
        Self {
            root,
            lines: Lines::new(text),
        }
    }

    /// Where a pointer leads, or the nearest value around it.
    pub(crate) fn position(&self, pointer: &str) -> Position {
        let mut node = self.root;
        let mut span = node.span;
        for part in pointer.split('/').skip(1) {
            if let Some(member) = node
                .members()
                .iter()
                .find(|member| escape(&member.name.text) == part)
            {
                (node, span) = (&member.value, member.name.span);
            } else if let Some(item) = part
                .parse()
                .ok()
                .and_then(|index: usize| node.items().get(index))
            {
                (node, span) = (item, item.span);
            } else {
                break;
            }
        }
        self.lines.position(span.start)
    }
}

/// What is refused, as far as its maker knows.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The field it is in, from the state on: `/Catch/0`; may be empty.
    pub(crate) field: String,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Refused {
    pub(crate) fn new(field: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            message: message.into(),
            help: help.into(),
        }
    }

    /// The same, in a field of the one that it was found in.
    pub(crate) fn within(mut self, field: &str) -> Self {
        self.field = format!("/{field}{}", self.field);
        self
    }
}
