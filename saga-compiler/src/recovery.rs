//! The state machine that recovers a saga's executions, beside the saga's own.
//!
//! EventBridge starts it when an execution has ended. Of one that completed or was compensated it lets the
//! fences expire; one that is parked it leaves alone; any other it recovers:
//!
//! 1. It closes the pivot, if nothing was done of it. Else the saga is past its pivot, or may be: an operator
//!    redrives the execution itself, whose fences answer for what was done.
//! 2. It seals the fences of all steps, so that nothing is done any more, and waits until nothing can be at
//!    work.
//! 3. It runs all of the saga's undo, the last step's first, as a failure after the last step would have it.
//!    Before each undo it asks whether there is anything to undo: the step's fence tells, the item that it put,
//!    or the execution's history. So it does not matter which branches, cases, items and tries there were.
//!
//! What nothing tells of it asks an operator about, in its place. What undoes a saga in its own execution undoes
//! it here: its states are written by the same code.

pub(crate) mod fences;
mod frame;
mod head;
mod history;
mod nested;
mod question;
mod sight;
mod state;
mod text;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use saga_asl::json::{Value, object};
use saga_asl::model::StateMachine;

use crate::checked::Saga;
use crate::permission::{Action, Property, Resource, Uses};
use crate::plan::Plan;
use crate::states;
use frame::Frame;
use history::History;
use sight::Sight;

/// What stands for the table of the fences.
const FENCES: &str = "FenceTableName";

/// What stands for the queue of the parking messages.
const PARKED_QUEUE: &str = "ParkedQueueUrl";

/// The state with which undo begins.
pub(crate) const BEGIN: &str = head::BEGIN;

/// The state machine that recovers a saga.
#[derive(Debug)]
pub(crate) struct Recovery<'s> {
    pub(crate) definition: StateMachine,
    /// What its states use, as the saga's own machine names it.
    pub(crate) uses: Uses<'s>,
}

/// The recovery of a saga, from its plan and that of all its undo. `fenced` are the sagas that have one.
///
/// # Errors
/// The name of a state that there would be twice.
pub(crate) fn machine<'s>(
    saga: &'s Saga<'s>,
    fenced: &'s BTreeSet<&'s str>,
    plan: &Plan<'s>,
    undo: &'s Plan<'s>,
) -> Result<Recovery<'s>, String> {
    let written = states::machine(saga, undo);
    let sight = Sight::of(saga, fenced, plan, undo);
    let history = History::of(&sight);
    let mut states = head::states(&sight, &history);
    if sight.blind.is_none() {
        let frame = Frame {
            sight: &sight,
            history: &history,
            plan: undo,
            depth: 0,
        };
        let definition = written.definition.to_value();
        let own = definition.get("States").and_then(Value::as_object);
        for (name, state) in frame.states(&own.cloned().unwrap_or_default()) {
            if states.insert(name.clone(), state).is_some() {
                return Err(name);
            }
        }
    }
    let reached = state::reached(&states, head::START);
    states.retain(|name, _| reached.contains(name));
    let value = object([
        (
            "Comment",
            Value::from(format!(
                "Recovers executions of {} that ended otherwise than it can.",
                saga.definition.name
            )),
        ),
        ("QueryLanguage", "JSONata".into()),
        ("StartAt", head::START.into()),
        ("States", object(states)),
    ]);
    let uses = used(&value, written.uses, sight.blind.is_some());
    let definition = StateMachine::from_value(&value)
        .map_err(|errors| errors.first().map_or_else(String::new, ToString::to_string))?;
    Ok(Recovery { definition, uses })
}

/// What the undo states use, where they are there, and what the others do.
fn used<'s>(value: &Value, undo: Uses<'s>, is_blind: bool) -> Uses<'s> {
    let mut uses = if is_blind { Uses::default() } else { undo };
    for (action, argument) in tasks(value) {
        let resource = match argument.as_str() {
            "${FenceTableName}" => (Resource::Fences, Property::Name, FENCES),
            "${ParkedQueueUrl}" => (Resource::ParkedQueue, Property::Url, PARKED_QUEUE),
            _ => continue,
        };
        let (resource, property, name) = resource;
        uses.permissions.entry(resource).or_default().insert(action);
        uses.substitutions
            .insert(name.to_owned(), (resource, property));
    }
    uses
}

/// The action of each task that names a table or a queue, and what it names.
fn tasks(value: &Value) -> Vec<(Action, String)> {
    let mut found = Vec::new();
    if let (Some(resource), Some(arguments)) = (
        value.get("Resource").and_then(Value::as_str),
        value.get("Arguments"),
    ) {
        let names = ["TableName", "QueueUrl"];
        let named = names.iter().find_map(|name| arguments.get(name)?.as_str());
        let action = ACTIONS.iter().find(|(known, _)| resource.ends_with(known));
        if let (Some(named), Some((_, action))) = (named, action) {
            found.push((*action, named.to_owned()));
        }
    }
    match value {
        Value::Object(fields) => found.extend(fields.values().flat_map(tasks)),
        Value::Array(items) => found.extend(items.iter().flat_map(tasks)),
        _ => {}
    }
    found
}

/// The actions of the integrations that a recovery calls besides undo.
const ACTIONS: [(&str, Action); 3] = [
    ("dynamodb:updateItem", "dynamodb:UpdateItem"),
    ("aws-sdk:dynamodb:query", "dynamodb:Query"),
    ("sqs:sendMessage", "sqs:SendMessage"),
];

/// States by name, in the order of a definition.
type States = IndexMap<String, Value>;
