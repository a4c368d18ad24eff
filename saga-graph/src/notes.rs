//! What is known of a definition's states beside their text.

use std::collections::{BTreeMap, BTreeSet};

/// What is known of a definition's states. Without any, it is inferred from names and transitions.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// What the Task states are for, by name. Tasks that are not there are of no interest, and are left out.
    pub tasks: BTreeMap<String, Purpose>,
    /// The states that the author named: other Pass, Choice and Wait states are left out.
    pub authored: BTreeSet<String>,
}

/// What a Task state is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It does a step.
    Does(Option<crate::Mark>),
    /// It undoes the step that the state of that name does.
    Undoes(String),
    /// It waits for somebody after the state of that name failed.
    Parked(String),
    /// It tells the world something.
    Tells,
}

impl Notes {
    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.authored.is_empty()
    }
}
