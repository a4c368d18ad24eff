//! From the plan to the language: one file an integration, and one for what a kind of state needs.

mod comment;
mod condition;
mod dynamodb;
mod ending;
mod exits;
mod lambda;
mod message;
mod outcome;
mod park;
mod redact;
mod request;
mod retry;
mod task;

use indexmap::IndexMap;
use saga_asl::model::{QueryLanguage, State, StateMachine};

use crate::checked::{Exposure, Saga};
use crate::jsonata::Scope;
use crate::permission::Uses;
use crate::plan::{Plan, Role};

/// A saga's state machine, with what it uses.
#[derive(Debug)]
pub(crate) struct Machine<'s> {
    pub(crate) definition: StateMachine,
    pub(crate) uses: Uses<'s>,
}

/// Writes a saga's states.
pub(crate) fn machine<'s>(saga: &'s Saga<'s>, plan: &Plan<'s>) -> Machine<'s> {
    let mut writer = Writer {
        saga,
        exposure: Exposure::new(saga),
        uses: Uses::default(),
    };
    let mut states = IndexMap::new();
    for (name, node) in &plan.nodes {
        states.insert(name.clone(), writer.state(name, node));
    }
    let definition = StateMachine {
        comment: saga.definition.description.as_deref().map(comment::plain),
        query_language: Some(QueryLanguage::JsonAta),
        start_at: plan.start.clone(),
        states,
        ..StateMachine::default()
    };
    Machine {
        definition,
        uses: writer.uses,
    }
}

/// Writes states, and notes what they use.
struct Writer<'s> {
    saga: &'s Saga<'s>,
    exposure: Exposure<'s>,
    uses: Uses<'s>,
}

impl<'s> Writer<'s> {
    fn state(&mut self, name: &str, node: &crate::plan::Node<'s>) -> State {
        match node.role {
            Role::Do(step) => self.step(step, node),
            Role::Undo(step, undo) => self.undo(name, step, undo, node),
            Role::Parked(parked) => self.parked(parked, node),
            Role::Notify(notification) => self.notify(name, notification, node),
            Role::NotifyParked(notification) => self.notify_parked(name, notification, node),
            Role::Park(parked) => self.park(name, parked, node),
            Role::Owed(notification) => self.owed(name, notification, node),
            Role::Outcome => outcome::state(node),
            Role::Succeeded => ending::succeeded(self.saga),
            Role::Failed => ending::failed(),
        }
    }

    /// Where the saga's data is while its states run.
    fn scope(&self) -> Scope<'s> {
        Scope::new(&self.saga.variables)
    }
}
