//! The model of a saga that was compiled, from its manifest.
//!
//! What the compiler promises of names is taken from the design: a step's state is called what the step
//! instance is called, its undo `Undo<Step>`, the parked form of either `…Parked`, and the state before that
//! `Park<Step>`. Everything else is read in the manifest. Where the definition does otherwise, a task is
//! missing or calls what it should not.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::data::Data;
use saga_asl::model::{State, StateMachine};
use saga_manifest::Manifest;
use saga_manifest::flow::{Block, End, Node};
use saga_manifest::handler::Handler;
use saga_manifest::saga::Saga;
use saga_manifest::step::{self, Call};
use saga_manifest::task::Task as Calls;

use super::{DeclaredError, Kind, Model, Role, Step, Task, integration};
use crate::sample;

/// The error of an execution whose saga was compensated.
const COMPENSATED: &str = "SagaCompensated";

/// DynamoDB's answer where a condition does not hold.
const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";

/// The model of a saga.
#[must_use]
pub fn model(manifest: &Manifest, saga: &Saga, definition: &StateMachine) -> Model {
    let mut reading = Reading {
        manifest,
        definition,
        tasks: BTreeMap::new(),
    };
    let needed = required(&saga.body);
    let steps = saga
        .body
        .all_steps()
        .into_iter()
        .enumerate()
        .map(|(index, step)| Step {
            name: step.name.clone(),
            kind: reading.step(index, step),
            idempotent: true,
            required: needed.contains(step.name.as_str()),
        });
    let steps = steps.collect();
    for notification in &saga.notifications {
        reading.insert(&notification.name, Role::Message, &notification.call);
    }
    reading.others();
    Model {
        saga: saga.name.clone(),
        steps,
        tasks: reading.tasks,
        claims: BTreeMap::new(),
        compensated_error: Some(COMPENSATED.into()),
    }
}

/// Inputs to explore a saga with: what its schema says at least, and at most.
#[must_use]
pub fn inputs(saga: &Saga) -> Vec<serde_json::Value> {
    sample::samples(&saga.input.schema)
}

/// The steps without which no saga completes: those outside choices and maps, up to where a saga may be
/// completed early.
fn required(block: &Block) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for node in &block.nodes {
        match node {
            Node::Step(step) => {
                found.insert(step.name.as_str());
            }
            Node::Parallel(parallel) => found.extend(parallel.branches.iter().flat_map(required)),
            Node::Savepoint(savepoint) => found.extend(required(&savepoint.block)),
            Node::Choice(_) | Node::Map(_) | Node::Wait(_) => {}
        }
        if node.blocks().into_iter().any(may_complete) {
            break;
        }
    }
    found
}

fn may_complete(block: &Block) -> bool {
    matches!(block.end, End::Complete(_))
        || block.nodes.iter().flat_map(Node::blocks).any(may_complete)
}

struct Reading<'m> {
    manifest: &'m Manifest,
    definition: &'m StateMachine,
    tasks: BTreeMap<String, Task>,
}

impl Reading<'_> {
    fn step(&mut self, index: usize, step: &step::Step) -> Kind {
        let name = &step.name;
        self.insert(name, Role::Do(index), &step.call);
        match &step.kind {
            step::Kind::Compensatable { compensation } => {
                let undo = format!("Undo{name}");
                self.insert(&undo, Role::Undo(index), compensation);
                self.insert_parked(&undo, name, Role::Undo(index), compensation);
                self.mark_fenced_put(name, &undo, &step.call, compensation);
                Kind::Compensatable
            }
            step::Kind::Pivot => {
                self.insert_parked(name, name, Role::Do(index), &step.call);
                Kind::Pivot
            }
            step::Kind::Retriable => {
                self.insert_parked(name, name, Role::Do(index), &step.call);
                Kind::Retriable
            }
            step::Kind::ReadOnly => {
                // After the pivot a step goes forward, whatever its kind: it is parked like one.
                self.insert_parked(name, name, Role::Do(index), &step.call);
                Kind::ReadOnly
            }
        }
    }

    /// A put carries the saga's id, so its condition holds for the saga's own item: it fails only where
    /// another saga's is, and an undo whose condition fails has nothing to undo.
    fn mark_fenced_put(&mut self, name: &str, undo: &str, step: &Call, compensation: &Call) {
        if !matches!(step.task, Calls::DynamodbPut { .. }) {
            return;
        }
        let of_table = matches!(
            compensation.task,
            Calls::DynamodbUpdate { .. } | Calls::DynamodbDelete { .. } | Calls::DynamodbPut { .. }
        );
        let parked = format!("{undo}Parked");
        for state in [name, undo, parked.as_str()] {
            let Some(task) = self.tasks.get_mut(state) else {
                continue;
            };
            if !task
                .errors
                .iter()
                .any(|error| error.name == CONDITION_FAILED)
                && (state == name || of_table)
            {
                task.errors.push(DeclaredError::new(
                    CONDITION_FAILED,
                    super::Outcome::NotDone,
                ));
            }
            let conditions = task
                .errors
                .iter_mut()
                .filter(|error| error.name == CONDITION_FAILED);
            conditions.for_each(|error| error.only_if_not_done = true);
        }
    }

    fn insert_parked(&mut self, state: &str, step: &str, role: Role, call: &Call) {
        let parked = format!("{state}Parked");
        if self.state(&parked).is_none() {
            return;
        }
        self.insert(&parked, role, call);
        if let Some(task) = self.tasks.get_mut(&parked) {
            task.parked_form_of = Some(state.to_owned());
            task.told_by = Some(format!("Park{step}"));
        }
    }

    fn insert(&mut self, state: &str, role: Role, call: &Call) {
        let handler = match &call.task {
            Calls::Lambda { handler, .. } => {
                self.manifest.handlers.iter().find(|it| it.name == *handler)
            }
            _ => None,
        };
        let errors = call
            .errors
            .iter()
            .map(|error| DeclaredError::new(&error.name, error.outcome));
        let task = Task {
            role,
            parked_form_of: None,
            told_by: None,
            errors: errors.collect(),
            answer: answer(call, handler),
            function: handler.map(|handler| handler.name.clone()),
            takes: handler.map(|handler| handler.timeout_seconds.into()),
        };
        self.tasks.insert(state.to_owned(), task);
    }

    fn state(&self, name: &str) -> Option<&State> {
        found(&self.definition.states, name)
    }

    /// The tasks that the compiler adds by itself: messages to an operator.
    fn others(&mut self) {
        let mut names = Vec::new();
        tasks(&self.definition.states, &mut names);
        for (name, resource) in names {
            self.tasks.entry(name).or_insert_with(|| Task {
                role: Role::Message,
                parked_form_of: None,
                told_by: None,
                errors: Vec::new(),
                answer: integration::answer(&resource, Data::empty_object()),
                function: None,
                takes: None,
            });
        }
    }
}

type States = indexmap::IndexMap<String, State>;

fn inner(state: &State) -> Vec<&States> {
    match state {
        State::Parallel(parallel) => parallel
            .branches
            .iter()
            .map(|branch| &branch.states)
            .collect(),
        State::Map(map) => {
            let processors = map.item_processor.iter().chain(&map.iterator);
            processors.map(|processor| &processor.states).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn found<'s>(states: &'s States, name: &str) -> Option<&'s State> {
    let deeper = || {
        states
            .values()
            .flat_map(inner)
            .find_map(|states| found(states, name))
    };
    states.get(name).or_else(deeper)
}

fn tasks(states: &States, into: &mut Vec<(String, String)>) {
    for (name, state) in states {
        if let State::Task(task) = state {
            into.push((name.clone(), task.resource.clone()));
        }
        inner(state)
            .into_iter()
            .for_each(|states| tasks(states, into));
    }
}

/// What a call answers when it succeeds.
fn answer(call: &Call, handler: Option<&Handler>) -> Data {
    let data = |value: serde_json::Value| serde_json::from_value(value).unwrap_or_default();
    match &call.task {
        Calls::Lambda { .. } => {
            let output = handler.map(|handler| sample::sample(&handler.output.schema));
            integration::answer(
                "arn:aws:states:::lambda:invoke",
                data(output.unwrap_or_default()),
            )
        }
        Calls::DynamodbGet { item, .. } => {
            let item = data(sample::item(item));
            integration::answer("arn:aws:states:::dynamodb:getItem", item)
        }
        Calls::SnsPublish { .. } | Calls::SqsSend { .. } => {
            integration::answer("arn:aws:states:::sqs:sendMessage", Data::Null)
        }
        _ => Data::empty_object(),
    }
}
