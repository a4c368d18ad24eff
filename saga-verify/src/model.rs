//! What the tasks of a definition mean to a saga: which step each does or undoes. Derived from a
//! [manifest], or written in a file of [annotations]; never from the compiler.

pub mod annotations;
pub(crate) mod flow;
pub(crate) mod integration;
mod item;
pub mod manifest;
pub mod newer;

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::data::Data;

pub use flow::Flow;
pub use item::IsolatedItem;
pub use saga_manifest::error::Outcome;

/// A saga as its state machine should carry it out.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Its name.
    pub saga: String,
    /// The step instances.
    pub steps: Vec<Step>,
    /// The Task states, by name.
    pub tasks: BTreeMap<String, Task>,
    /// What the states that end an execution claim, by name; of the others a Fail state claims
    /// compensated, anything else completed.
    pub claims: BTreeMap<String, Claim>,
    /// The error of a Fail state that claims compensated; none where any Fail state does.
    pub compensated_error: Option<String>,
    /// The states that fail on purpose until an operator redrives, by name: each with the Task state that has to
    /// tell the operator before.
    pub held: BTreeMap<String, String>,
    /// What its flow asks for, where that is known: else a saga may complete with whatever it did.
    pub flow: Option<Flow>,
}

/// A step instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Whether a second delivery changes nothing: it is fenced, or idempotent by nature.
    pub idempotent: bool,
    /// The savepoints around it, by name, the outermost first: what they hold may be done again, as another
    /// step instance, once it is undone.
    pub savepoints: Vec<String>,
}

/// The kind of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It has a compensation.
    Compensatable,
    /// The point of no return.
    Pivot,
    /// After the pivot.
    Retriable,
    /// Without effect.
    ReadOnly,
}

/// What an ending says of the saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// All steps are done.
    Completed,
    /// All that was done is undone.
    Compensated,
}

/// A Task state.
#[derive(Clone, Debug)]
pub struct Task {
    /// What it is for.
    pub role: Role,
    /// The state whose call this one repeats, where it is a parked form.
    pub parked_form_of: Option<String>,
    /// The state that tells an operator, which has to come before a parked form.
    pub told_by: Option<String>,
    /// The errors it may answer.
    pub errors: Vec<DeclaredError>,
    /// What it answers when it succeeds.
    pub answer: Data,
    /// The function's name in its arguments, where it has to be one.
    pub function: Option<String>,
    /// Seconds that what it calls may take.
    pub takes: Option<u64>,
    /// Which copy of the step's state it is: of a savepoint's second try `Try2`.
    pub copy: String,
    /// The attributes of the key of the row that it writes, where it writes one itself.
    pub row: Vec<String>,
    /// Whether it runs another saga, which may have undone itself when it ends.
    pub runs_saga: bool,
    /// Whether it asks what became of the saga that the state ran which it is a parked form of.
    pub looks: bool,
    /// The item that it reads or writes, where sagas are kept apart on that and it is known how.
    pub item: Option<Arc<IsolatedItem>>,
    /// The code that answers now, where it is newer than the definition.
    pub newer: Option<newer::Newer>,
}

/// What a task is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It does a step, by its position.
    Do(usize),
    /// It undoes a step, by its position.
    Undo(usize),
    /// It tells somebody something: no part of what the saga guarantees.
    Message,
}

/// An error that a task may answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredError {
    /// Its name.
    pub name: String,
    /// What it says about the effect.
    pub outcome: Outcome,
    /// It cannot come where the step has happened: the condition of a fenced write, which holds for the
    /// saga's own item. As an undo's answer it says that there is nothing to undo.
    pub only_if_not_done: bool,
}

impl Task {
    /// A task that only tells somebody something, and answers nothing.
    pub(crate) fn message() -> Self {
        Self {
            role: Role::Message,
            parked_form_of: None,
            told_by: None,
            errors: Vec::new(),
            answer: Data::empty_object(),
            function: None,
            takes: None,
            copy: String::new(),
            row: Vec::new(),
            runs_saga: false,
            looks: false,
            item: None,
            newer: None,
        }
    }
}

impl DeclaredError {
    pub(crate) fn new(name: &str, outcome: Outcome) -> Self {
        Self {
            name: name.to_owned(),
            outcome,
            only_if_not_done: false,
        }
    }
}

impl Model {
    /// The state that a task's faults are counted for: of a parked form the one whose call it repeats.
    pub(crate) fn base<'m>(&'m self, state: &'m str) -> &'m str {
        let task = self.tasks.get(state);
        task.and_then(|task| task.parked_form_of.as_deref())
            .unwrap_or(state)
    }
}
