//! Names of the states that the compiler adds, and whether they clash with the author's.

use std::collections::BTreeMap;

use super::{Node, Parked};
use crate::checked::limit;
use crate::diagnostic::{Diagnostic, Report};

pub(super) fn undo(step: &str) -> String {
    format!("Undo{step}")
}

pub(super) fn outcome(step: &str) -> String {
    format!("{step}Outcome")
}

/// The state that sends the parking message of a step or a notification.
pub(super) fn park(name: &str) -> String {
    format!("Park{name}")
}

pub(super) fn succeeded(saga: &str) -> String {
    format!("{saga}Succeeded")
}

pub(super) fn failed(saga: &str) -> String {
    format!("{saga}Failed")
}

/// A notification that a step is parked: a state for each step, since each goes on elsewhere.
pub(super) fn notify_parked(notification: &str, step: &str) -> String {
    format!("{notification}For{step}")
}

impl Parked<'_> {
    /// The parked state.
    pub(crate) fn state(&self) -> String {
        format!("{}Parked", self.first_try())
    }

    /// The state that ran out of retries.
    pub(crate) fn first_try(&self) -> String {
        match self {
            Self::Undo(step, _) => undo(step.name),
            Self::Do(step) => step.name.to_owned(),
        }
    }
}

/// Notes names that stand for two states, and names that AWS refuses.
pub(super) fn check(nodes: &[(String, Node<'_>)], report: &mut Report) {
    let mut first: BTreeMap<&str, &Node<'_>> = BTreeMap::new();
    for (name, node) in nodes {
        if let Some(other) = first.insert(name, node) {
            let message = format!("two states would be called `{name}`");
            let help = "rename a step with `.named(\"…\")`: the names `Undo…`, `Park…`, `…Outcome`, \
                        `…Parked`, `…Succeeded` and `…Failed` are made from those of steps and saga";
            let mistake = Diagnostic::new(message, help);
            report.push(
                mistake
                    .at(node.place, "one comes from here")
                    .at(other.place, "the other from here"),
            );
        }
        let length = name.chars().count();
        if length > limit::STATE_NAME {
            let message = format!("the state `{name}` would have a name of {length} characters");
            let help = format!(
                "shorten the step's name with `.named(\"…\")`: AWS takes {}",
                limit::STATE_NAME
            );
            report.push(Diagnostic::new(message, help).at(node.place, "it comes from here"));
        }
        if name.is_empty() {
            let mistake = Diagnostic::new("a step has an empty name", "name it");
            report.push(mistake.at(node.place, "here"));
        }
    }
}
