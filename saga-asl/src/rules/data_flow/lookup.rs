//! Reads of data that is not there, and why it is not.

use super::search::Search;
use crate::lint::{Context, Expression, Read};
use crate::outline::{State, StateId, StateType};

/// A read of something that is not there.
#[derive(Debug)]
pub(crate) struct Absent {
    /// The read.
    pub(super) read: Read,
    /// The state that reads.
    pub(super) state: StateId,
    /// Why it is not there.
    pub(super) why: Why,
}

/// Why something is not there.
#[derive(Debug)]
pub(crate) enum Why {
    /// The catcher of that state replaced the data by the error.
    Clobbered(StateId),
    /// That state built an object without it.
    NotBuilt(StateId),
    /// The Lambda integration wraps the function's answer.
    Wrapped(StateId),
    /// The states that produce it have not run on some way here.
    NotOnThisWay(StateId),
    /// Nobody produces it; this is produced, and may have been meant.
    Misspelt(String),
    /// Nobody produces it, and that state, which might, throws its result away.
    Discarded(StateId),
    /// Nobody produces it, and that state, which might, puts its result elsewhere.
    Elsewhere(StateId),
    /// Nobody produces it, and nobody else reads it.
    Nowhere,
}

impl Why {
    /// Whether it rests on a guess: an execution's input may hold anything.
    pub(super) fn is_inferred(&self) -> bool {
        !matches!(
            self,
            Self::Clobbered(_) | Self::NotBuilt(_) | Self::Wrapped(_)
        )
    }
}

/// All reads of a definition's payload that find nothing. Several rules tell of them, so they are
/// looked for once.
pub(super) fn absent<'c>(cx: &'c Context<'_>) -> &'c [Absent] {
    cx.absent.get_or_init(|| search(cx))
}

fn search(cx: &Context<'_>) -> Vec<Absent> {
    let search = Search::new(cx);
    let mut found = Vec::new();
    for state in cx.outline.states() {
        for (expression, read) in cx.reads_of(state.id) {
            if read.fields.is_empty() || !read.definite || is_guarded(state, expression) {
                continue;
            }
            if let Some(why) = search.why(state, expression, read) {
                found.push(Absent {
                    read: read.clone(),
                    state: state.id,
                    why,
                });
            }
        }
    }
    found
}

/// Whether the author asks whether something is there before it is read.
pub(super) fn is_guarded(state: &State<'_>, expression: &Expression<'_>) -> bool {
    let text = expression.slot.node.as_str().unwrap_or_default();
    if state.is_jsonata() {
        return text.contains("$exists") || text.contains('?') || text.contains("$lookup");
    }
    state.is(StateType::Choice) && state.get("Choices").is_some_and(mentions_presence)
}

fn mentions_presence(node: &crate::syntax::Node<'_>) -> bool {
    let members = node.members().iter();
    members
        .clone()
        .any(|member| member.name.text == "IsPresent")
        || members
            .map(|member| &member.value)
            .chain(node.items())
            .any(mentions_presence)
}

/// The name of a state in a message.
pub(super) fn name<'c>(cx: &'c Context<'_>, state: StateId) -> &'c str {
    cx.outline.state(state).name()
}
