//! What a state does to the world.

use std::hash::{Hash as _, Hasher};

use super::naming;
use crate::integration::Resource;
use crate::outline::{State, StateType};
use crate::syntax::{Node, Syntax};

/// Whether a Task does something that stays when the execution fails. Judged by the service's
/// action; for a function, whose action nobody knows, by the state's name.
#[must_use]
pub fn is_effect(state: &State<'_>) -> bool {
    state.is(StateType::Task) && !is_read_only(state) && !is_notification(state)
}

/// Whether a Task only reads.
#[must_use]
pub fn is_read_only(state: &State<'_>) -> bool {
    match state.resource {
        // What asks about code that its user wrote, as about an execution, runs none of it.
        Some(Resource::Service(service)) if service.is_read_only() => true,
        Some(Resource::Service(service)) if !is_code(service.service) => false,
        _ => naming::looks(&state.words),
    }
}

/// Whether a Task only tells somebody something.
#[must_use]
pub fn is_notification(state: &State<'_>) -> bool {
    match state.resource {
        Some(Resource::Service(service)) if service.is_notification() => true,
        Some(Resource::Service(service)) if !is_code(service.service) => false,
        _ => naming::tells(&state.words),
    }
}

/// Services that run whatever their user wrote.
fn is_code(service: &str) -> bool {
    matches!(
        service,
        "lambda"
            | "http"
            | "apigateway"
            | "ecs"
            | "batch"
            | "states"
            | "sfn"
            | "glue"
            | "codebuild"
    )
}

/// What a Task asks of whom, as a number: two that ask the same of the same have the same. None for
/// other states.
#[must_use]
pub(super) fn work(state: &State<'_>) -> Option<u64> {
    if !state.is(StateType::Task) {
        return None;
    }
    let mut hasher = Quick::default();
    for field in ["Resource", "Parameters", "Arguments"] {
        if let Some(node) = state.get(field) {
            feed(node, &mut hasher);
        }
        field.hash(&mut hasher);
    }
    Some(hasher.finish())
}

/// A hasher for short texts of one definition, by the word (multiply and rotate). The standard one
/// costs ten times as much and withstands attacks; here nothing but a finding depends on it.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut()
                .zip(chunk)
                .for_each(|(to, from)| *to = *from);
            self.0 = (self.0.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(ODD);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A value without its places.
fn feed(node: &Node<'_>, hasher: &mut Quick) {
    std::mem::discriminant(&node.syntax).hash(hasher);
    match &node.syntax {
        Syntax::Bool(value) => value.hash(hasher),
        Syntax::Number(text) | Syntax::String(text) | Syntax::Placeholder(text) => {
            text.hash(hasher)
        }
        Syntax::Array(items) => items.iter().for_each(|item| feed(item, hasher)),
        Syntax::Object(members) => {
            for member in members {
                member.name.text.hash(hasher);
                feed(&member.value, hasher);
            }
        }
        Syntax::Null | Syntax::Invalid => {}
    }
}

/// Whether a state hands a failure over to somebody: its name says so.
#[must_use]
pub(super) fn hands_over(state: &State<'_>) -> bool {
    naming::hands_over(&state.words)
}

/// Whether a state's name speaks of undoing something.
#[must_use]
pub fn speaks_of_undoing(state: &State<'_>) -> bool {
    naming::undoing(&state.words).is_some()
}

/// What a Task calls, as far as its text says: the function's name.
pub(super) fn target_name<'t>(state: &State<'t>) -> &'t str {
    let arguments = state.get("Parameters").or_else(|| state.get("Arguments"));
    let function = arguments.and_then(|arguments| arguments.text("FunctionName"));
    let text = function
        .or_else(|| state.get("Resource").and_then(Node::as_str))
        .unwrap_or_default();
    if text.starts_with("arn:aws:states:::") {
        return "";
    }
    let text = text
        .trim_start_matches("${")
        .trim_end_matches('}')
        .trim_end_matches(":$LATEST");
    text.rsplit(':').next().unwrap_or_default()
}
