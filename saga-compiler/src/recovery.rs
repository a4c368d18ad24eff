//! The state machine that recovers a saga's executions, beside the saga's own.
//!
//! EventBridge starts it when an execution has ended. Of one that completed or was compensated it lets the
//! fences expire; one that is parked it leaves alone; any other it recovers:
//!
//! 1. It closes the pivot, if nothing was done of it. Else the saga is past its pivot, or may be: an operator
//!    redrives the execution itself, whose fences answer for what was done.
//! 2. It seals the fences of all steps, so that nothing is done any more, and waits until nothing can be at
//!    work.
//! 3. It reads the fences, finds the last step that was or may have been done, and undoes from there with the
//!    saga's own undo states: they are copied from its definition, with the saga's id and input in the place
//!    of the execution's.
//!
//! What it cannot see (an effect without a fence, between the last step that it sees done and the next) it asks
//! an operator about first. It works on the emitted definition, not on the plan: what undoes a saga in its
//! own execution undoes it here, to the letter.

mod chain;
mod fences;
mod head;
mod sight;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use saga_asl::json::{Value, object};
use saga_asl::model::StateMachine;

use crate::checked::Saga;
use crate::permission::{Action, Property, Resource, Uses};
use chain::Chain;
use sight::Sight;

/// What stands for the table of the fences.
const FENCES: &str = "FenceTableName";

/// What stands for the queue of the parking messages.
const PARKED_QUEUE: &str = "ParkedQueueUrl";

/// The state machine that recovers a saga.
#[derive(Debug)]
pub(crate) struct Recovery<'s> {
    pub(crate) definition: StateMachine,
    /// What its states use, as the saga's own machine names it.
    pub(crate) uses: Uses<'s>,
}

/// The recovery of a saga, from its definition and what that uses.
pub(crate) fn machine<'s>(
    saga: &'s Saga<'s>,
    definition: &StateMachine,
    uses: &Uses<'s>,
) -> Result<Recovery<'s>, String> {
    let chain = Chain::of(&definition.to_value());
    let sight = Sight::of(saga, &chain);
    let mut states = head::states(&sight, &chain);
    for (name, state) in chain.reached(&sight.begins()) {
        if states.insert(name.clone(), state).is_some() {
            return Err(name);
        }
    }
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
    let uses = used(&value, uses);
    let definition = StateMachine::from_value(&value)
        .map_err(|errors| errors.first().map_or_else(String::new, ToString::to_string))?;
    Ok(Recovery { definition, uses })
}

/// What the tasks of a definition use, with the substitutions that it names.
fn used<'s>(value: &Value, known: &Uses<'s>) -> Uses<'s> {
    let mut permissions: BTreeMap<Resource<'s>, BTreeSet<Action>> = BTreeMap::new();
    let mut substitutions = BTreeMap::new();
    for (action, argument) in tasks(value) {
        let Some(name) = argument
            .strip_prefix("${")
            .and_then(|name| name.strip_suffix('}'))
        else {
            continue;
        };
        let own = match name {
            FENCES => Some((Resource::Fences, Property::Name)),
            PARKED_QUEUE => Some((Resource::ParkedQueue, Property::Url)),
            _ => None,
        };
        let Some((resource, property)) = own.or_else(|| known.substitutions.get(name).copied())
        else {
            continue;
        };
        permissions.entry(resource).or_default().insert(action);
        substitutions.insert(name.to_owned(), (resource, property));
    }
    Uses {
        permissions,
        substitutions,
        ..Uses::default()
    }
}

/// The action of each task, and what it names as its resource.
fn tasks(value: &Value) -> Vec<(Action, String)> {
    let mut found = Vec::new();
    if let (Some(resource), Some(arguments)) = (
        value.get("Resource").and_then(Value::as_str),
        value.get("Arguments"),
    ) {
        let names = ["FunctionName", "TableName", "QueueUrl", "TopicArn"];
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

/// The actions of the integrations that states of a saga or of its recovery call.
const ACTIONS: [(&str, Action); 9] = [
    ("lambda:invoke", "lambda:InvokeFunction"),
    ("dynamodb:getItem", "dynamodb:GetItem"),
    ("dynamodb:putItem", "dynamodb:PutItem"),
    ("dynamodb:updateItem", "dynamodb:UpdateItem"),
    ("dynamodb:deleteItem", "dynamodb:DeleteItem"),
    ("aws-sdk:dynamodb:query", "dynamodb:Query"),
    ("sns:publish", "sns:Publish"),
    ("sqs:sendMessage", "sqs:SendMessage"),
    ("sqs:sendMessage.waitForTaskToken", "sqs:SendMessage"),
];

/// States by name, in the order of a definition.
type States = IndexMap<String, Value>;
