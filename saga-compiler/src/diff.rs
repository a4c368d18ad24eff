//! What a deployment does to executions that are in flight.
//!
//! A running execution, and one that is redriven, keeps the definition that it was started with. What it does not
//! keep is everything else: the functions and tables that its definition names, what those take and answer, what its
//! role may do, and the state machine that recovers it, which is always the newest. [`diff`] compares two
//! [`Deployed`] packages for that.
//!
//! What is known of a template is known from its text; the shapes of data are known of a manifest only.

mod deployed;
mod machine;
mod resource;
mod schema;

use serde::Serialize;

pub use deployed::{Deployed, Unreadable};

/// What becomes of an execution in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It goes on as it was started; only later ones are different.
    Keeps,
    /// It comes to an end, and not quite as it was started.
    Differs,
    /// It may come to no end by itself, or leave an effect that nothing undoes.
    Strands,
}

/// A change between two deployments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// What becomes of an execution in flight.
    pub effect: Effect,
    /// The kind of change, such as `permission-removed`.
    pub code: &'static str,
    /// The state machine, function or other resource, as the template calls it.
    pub resource: String,
    /// The state that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What changed, and what that does.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Change {
    fn new(
        effect: Effect,
        code: &'static str,
        resource: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            effect,
            code,
            resource: resource.to_owned(),
            state: None,
            message: message.into(),
            help: help.into(),
        }
    }

    fn of_state(mut self, state: &str) -> Self {
        self.state = Some(state.to_owned());
        self
    }
}

/// What changes for executions in flight when the new takes the old one's place; what strands them first.
#[must_use]
pub fn diff(old: &Deployed, new: &Deployed) -> Vec<Change> {
    let mut changes = machine::changes(old, new);
    if old.is_stack && new.is_stack {
        changes.extend(resource::changes(old, new));
    }
    changes.sort_by(|one, other| other.effect.cmp(&one.effect).then_with(|| one.cmp(other)));
    changes.dedup();
    changes
}
