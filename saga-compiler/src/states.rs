//! From the plan to the language: one file an integration, and one for what a kind of state needs.

mod approval;
mod comment;
mod condition;
mod dynamodb;
mod ending;
mod exits;
mod fits;
mod gate;
mod item;
mod lambda;
mod message;
mod nested;
mod nested_parked;
mod outcome;
mod parallel;
mod park;
mod redact;
mod redrives;
mod request;
pub(crate) mod retry;
mod seal;
mod settled;
mod task;
mod wait;

pub(crate) use ending::COMPENSATED;
pub(crate) use gate::EVERYTHING;
pub(crate) use redrives::REDRIVES;

use indexmap::IndexMap;
use saga_asl::model::{QueryLanguage, State, StateMachine};

use crate::checked::region::Level;
use crate::checked::{Exposure, Saga};
use crate::jsonata::{Scope, Term};
use crate::permission::Uses;
use crate::plan::{Node, Plan, Role};

/// A saga's state machine, with what it uses.
#[derive(Debug)]
pub(crate) struct Machine<'s> {
    pub(crate) definition: StateMachine,
    pub(crate) uses: Uses<'s>,
}

/// Writes a saga's states.
pub(crate) fn machine<'s>(saga: &'s Saga<'s>, plan: &'s Plan<'s>) -> Machine<'s> {
    let mut writer = Writer {
        saga,
        exposure: Exposure::new(saga),
        uses: Uses::default(),
        level: &plan.level,
    };
    let states = writer.states(plan);
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
    /// The machine that is written.
    level: &'s Level,
}

impl<'s> Writer<'s> {
    /// The states of a machine.
    fn states(&mut self, plan: &'s Plan<'s>) -> IndexMap<String, State> {
        let around = std::mem::replace(&mut self.level, &plan.level);
        let states = plan.nodes.iter();
        let states = states.map(|(name, node)| (name.clone(), self.state(name, node)));
        let states = states.collect();
        self.level = around;
        states
    }

    fn state(&mut self, name: &str, node: &'s Node<'s>) -> State {
        match node.role {
            Role::Do(step) => self.step(step, node),
            Role::Seal(step) => self.seal(step, node),
            Role::SealParked(step) => self.seal_parked(step, node),
            Role::Undo(step, undo) => self.undo(step, undo, node),
            Role::Parked(parked) => self.parked(parked, node),
            Role::Confirm(step) => self.confirm(step, node),
            Role::Notify(notification) => self.notify(name, notification, node),
            Role::NotifyParked(notification) => self.notify_parked(name, notification, node),
            Role::Park(parked) => self.park(name, parked, node),
            Role::Owed(notification) => self.owed(name, notification, node),
            Role::Outcome => self.asks(node, outcome::ABOUT),
            Role::NestedEnded => self.asks(node, outcome::ABOUT_NESTED),
            Role::NestedSettled => self.asks(node, outcome::ABOUT_SETTLED),
            Role::Joined => self.asks(node, parallel::ABOUT_JOIN),
            Role::Fits => self.asks(node, fits::ABOUT),
            Role::ParkList(map) => self.park_list(name, map, node),
            Role::Gate => self.asks(node, gate::ABOUT),
            Role::Choice(choice) => self.choice(choice, node),
            Role::Succeeded(result) => ending::succeeded(result, self.scope()),
            Role::Failed => ending::failed(),
            Role::Parallel(parallel) => self.parallel(parallel, node),
            Role::Map(map) => self.map(map, node),
            Role::Item => self.item(node),
            Role::UndoMap(map) => self.undo_map(map, node),
            Role::UndoItem => self.undo_item(node),
            Role::ItemUndone => item::undone(),
            Role::ItemHeld => item::held(),
            Role::Keep => self.keep(node, None),
            Role::Abort(abort) => self.keep(node, Some(&abort.error)),
            Role::Settled(ref settled) => self.settled(settled, node),
            Role::Wait(wait) => self.wait(wait, node),
            Role::Interval(savepoint) => self.interval(savepoint, node),
        }
    }

    /// The path of the item that the machine is for, if it is for one.
    fn item_path(&self, scope: Scope<'_>) -> Option<Term> {
        let variable = self.saga.item_path(self.level)?;
        Some(scope.variable(self.variable(variable)))
    }

    /// Where the saga's data is while its states run.
    fn scope(&self) -> Scope<'s> {
        let scope = Scope::new(&self.saga.variables).at(self.level);
        scope.of_called(self.saga.is_called)
    }
}
