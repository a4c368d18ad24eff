//! The model of a saga that was compiled, from its manifest.
//!
//! What the compiler promises of names is taken from the design: a step's state is called what the step
//! instance is called, its undo `Undo<Step>`, the parked form of either `…Parked`, and the state before that
//! `Park<Step>`; copies of them have a suffix. A step that runs another saga has a parked form of several
//! states: `…Parked:Held` fails on purpose, until an operator redrives, `…Parked:Look` asks what became of the
//! saga, which has been brought to its end by then, and `…Parked:Again` repeats the call where there was none;
//! `Hold<Step>` comes before it where `Park<Step>` is its undo's. Everything else is read in the manifest.
//! Where the definition does otherwise, a step is never called, or what is called is not what it should be.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::{State, StateMachine};
use saga_manifest::Manifest;
use saga_manifest::flow::{Block, Node};
use saga_manifest::handler::Handler;
use saga_manifest::saga::{COMPENSATED, Saga};
use saga_manifest::step::{self, Call};
use saga_manifest::task::Task as Calls;

use serde_json::Value;

use super::{DeclaredError, Flow, Kind, Model, Role, Step, Task, integration};
use crate::sample;

/// DynamoDB's answer where a condition does not hold.
const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";

/// The model of a saga.
#[must_use]
pub fn model(manifest: &Manifest, saga: &Saga, definition: &StateMachine) -> Model {
    let reading = Reading { manifest, saga };
    let mut savepoints = BTreeMap::new();
    tried(&saga.body, &mut Vec::new(), &mut savepoints);
    let steps = reading.steps().map(|step| Step {
        name: step.name.clone(),
        kind: match &step.kind {
            step::Kind::Compensatable { .. } => Kind::Compensatable,
            step::Kind::Pivot => Kind::Pivot,
            step::Kind::Retriable => Kind::Retriable,
            step::Kind::ReadOnly => Kind::ReadOnly,
        },
        idempotent: true,
        savepoints: savepoints.remove(step.name.as_str()).unwrap_or_default(),
    });
    let mut resources = BTreeMap::new();
    let mut held = BTreeMap::new();
    each_state(&definition.states, &mut |name, state| {
        if let State::Task(task) = state {
            resources.insert(name.to_owned(), task.resource.clone());
        } else if let Some(parked) = name.strip_suffix("Parked:Held") {
            held.insert(name.to_owned(), parked.to_owned());
        }
    });
    for base in held.values_mut() {
        *base = told_by(base, &resources);
    }
    let tasks = resources
        .iter()
        .map(|(name, resource)| (name.clone(), reading.task(name, resource, &resources)));
    Model {
        saga: saga.name.clone(),
        steps: steps.collect(),
        tasks: tasks.collect(),
        claims: BTreeMap::new(),
        compensated_error: Some(COMPENSATED.into()),
        held,
        flow: Some(reading.flow()),
    }
}

/// Inputs to explore a saga with: what its schema says at least, and at most.
#[must_use]
pub fn inputs(saga: &Saga) -> Vec<Value> {
    sample::samples(&saga.input.schema)
}

/// The savepoints around each step, the outermost first.
fn tried<'b>(
    block: &'b Block,
    around: &mut Vec<String>,
    found: &mut BTreeMap<&'b str, Vec<String>>,
) {
    for node in &block.nodes {
        match node {
            Node::Step(step) => {
                found.insert(step.name.as_str(), around.clone());
            }
            Node::Savepoint(savepoint) => {
                around.push(savepoint.name.clone());
                tried(&savepoint.block, around, found);
                around.pop();
            }
            _ => node
                .blocks()
                .into_iter()
                .for_each(|block| tried(block, around, found)),
        }
    }
}

struct Reading<'m> {
    manifest: &'m Manifest,
    saga: &'m Saga,
}

impl<'m> Reading<'m> {
    fn steps(&self) -> impl Iterator<Item = &'m step::Step> + use<'m> {
        self.saga.body.all_steps().into_iter()
    }

    /// What a Task state is for, from its name.
    fn task(&self, name: &str, resource: &str, all: &BTreeMap<String, String>) -> Task {
        let looks = name.ends_with(":Look");
        let inside = [":Again", ":Look"];
        let repeated = inside.iter().find_map(|inner| name.strip_suffix(inner));
        let repeated = repeated.unwrap_or(name).strip_suffix("Parked");
        let repeated = repeated.filter(|base| all.contains_key(*base));
        let base = repeated.unwrap_or(name);
        let told_by = repeated.map(|base| told_by(base, all));
        let Some((role, step, call, copy)) = self.role(base) else {
            return Task {
                parked_form_of: repeated.map(str::to_owned),
                told_by,
                ..self.message(base, resource)
            };
        };
        let mut errors: Vec<DeclaredError> = call
            .errors
            .iter()
            .map(|error| DeclaredError::new(&error.name, error.outcome))
            .collect();
        if step.is_some_and(|step| fenced_by_its_row(step, call)) {
            mark_condition(&mut errors);
        }
        let called = self.calling(call);
        Task {
            role,
            looks,
            answer: match looks {
                true => integration::described(&called.answer),
                false => called.answer,
            },
            parked_form_of: repeated.map(str::to_owned),
            told_by,
            errors,
            copy,
            ..called
        }
    }

    /// The step that a state does or undoes, its call, and which copy it is.
    fn role(&self, state: &str) -> Option<(Role, Option<&'m step::Step>, &'m Call, String)> {
        if let Some((index, step, copy)) = self.step_of(state) {
            return Some((Role::Do(index), Some(step), &step.call, copy));
        }
        let (index, step, copy) = self.step_of(state.strip_prefix("Undo")?)?;
        match &step.kind {
            step::Kind::Compensatable { compensation } => {
                Some((Role::Undo(index), Some(step), &**compensation, copy))
            }
            _ => None,
        }
    }

    fn step_of(&self, state: &str) -> Option<(usize, &'m step::Step, String)> {
        let steps = self.steps().enumerate();
        let copies =
            steps.filter_map(|(index, step)| Some((index, step, copy(state, &step.name)?)));
        copies.max_by_key(|(_, step, _)| step.name.len())
    }

    /// A task that tells somebody something: a notification, or what the compiler adds for an operator.
    fn message(&self, state: &str, resource: &str) -> Task {
        let notifications = self.saga.notifications.iter();
        let told = notifications.filter(|told| copy(state, &told.name).is_some());
        match told.max_by_key(|told| told.name.len()) {
            Some(told) => Task {
                errors: told
                    .call
                    .errors
                    .iter()
                    .map(|error| DeclaredError::new(&error.name, error.outcome))
                    .collect(),
                ..self.calling(&told.call)
            },
            None => Task {
                answer: integration::answer(resource, Data::empty_object()),
                ..Task::message()
            },
        }
    }

    fn calling(&self, call: &Call) -> Task {
        let handler = self.handler(call);
        Task {
            answer: self.answer(call, handler),
            function: handler.map(|handler| handler.name.clone()),
            takes: handler.map(|handler| handler.timeout_seconds.into()),
            row: self.row(call),
            runs_saga: matches!(call.task, Calls::Saga { .. }),
            item: super::item::isolated(self.manifest, call).map(Arc::new),
            ..Task::message()
        }
    }

    /// The attributes of the key of the row that a call writes.
    fn row(&self, call: &Call) -> Vec<String> {
        let (Calls::DynamodbPut { table, .. }
        | Calls::DynamodbUpdate { table, .. }
        | Calls::DynamodbDelete { table, .. }) = &call.task
        else {
            return Vec::new();
        };
        let table = self.manifest.tables.iter().find(|it| it.name == *table);
        let keys = table.map(|table| [Some(&table.partition_key), table.sort_key.as_ref()]);
        let keys = keys.into_iter().flatten().flatten();
        keys.map(|key| key.name.clone()).collect()
    }

    /// What a call answers when it succeeds.
    fn answer(&self, call: &Call, handler: Option<&Handler>) -> Data {
        let data = |value: Value| serde_json::from_value(value).unwrap_or_default();
        match &call.task {
            Calls::Lambda { .. } => {
                let output = data(self.output(call, handler));
                integration::answer("arn:aws:states:::lambda:invoke", output)
            }
            Calls::DynamodbGet { item, .. } => {
                let item = data(sample::item(item));
                integration::answer("arn:aws:states:::dynamodb:getItem", item)
            }
            Calls::SnsPublish { .. } | Calls::SqsSend { .. } => {
                integration::answer("arn:aws:states:::sqs:sendMessage", Data::Null)
            }
            Calls::Saga { .. } => integration::completed(data(self.output(call, handler))),
            _ => Data::empty_object(),
        }
    }

    /// What a flow reads of that.
    fn output(&self, call: &Call, handler: Option<&Handler>) -> Value {
        match &call.task {
            Calls::Lambda { .. } => {
                let output = handler.map(|handler| sample::sample(&handler.output.schema));
                output.unwrap_or_default()
            }
            Calls::DynamodbGet { item, .. } => sample::plain_item(item),
            Calls::Saga { saga, .. } => {
                let child = self.manifest.sagas.iter().find(|it| it.name == *saga);
                let output = child.map(|child| sample::sample(&child.output.schema));
                output.unwrap_or_default()
            }
            _ => Value::Object(serde_json::Map::new()),
        }
    }

    fn handler(&self, call: &Call) -> Option<&'m Handler> {
        match &call.task {
            Calls::Lambda { handler, .. } => {
                self.manifest.handlers.iter().find(|it| it.name == *handler)
            }
            _ => None,
        }
    }

    fn flow(&self) -> Flow {
        let outputs = self.steps().map(|step| {
            let output = self.output(&step.call, self.handler(&step.call));
            (step.name.clone(), output)
        });
        let unanswered = self.steps().filter_map(|step| match &step.call.task {
            Calls::Approval { unanswered, .. } => Some((step.name.clone(), unanswered.clone()?)),
            _ => None,
        });
        Flow {
            body: self.saga.body.clone(),
            outputs: outputs.collect(),
            unanswered: unanswered.collect(),
        }
    }
}

/// Which copy a state is of the one called `name`: of a later try of a savepoint (`…Try2`), perhaps in a chain
/// of undo of its own (`…For…`, which is not told).
fn copy(state: &str, name: &str) -> Option<String> {
    let tries = state.strip_prefix(name)?;
    let mut rest = tries;
    while let Some(after) = rest.strip_prefix("Try") {
        let digits = after
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(after.len());
        match after.split_at_checked(digits) {
            Some((number, after)) if !number.is_empty() => rest = after,
            _ => return None,
        }
    }
    let told = rest.is_empty() || rest.starts_with("For");
    told.then(|| tries.strip_suffix(rest).unwrap_or(tries).to_owned())
}

/// A put carries the saga's id, so its condition holds for the saga's own item: it fails only where another
/// saga's is, and an undo of the row whose condition fails has nothing to undo. A lock and a change of a number
/// know themselves again in the item in the same way.
fn fenced_by_its_row(step: &step::Step, call: &Call) -> bool {
    let is_do = std::ptr::eq(call, &step.call);
    if is_do
        && matches!(
            call.task,
            Calls::DynamodbLock { .. } | Calls::DynamodbAdd { .. }
        )
    {
        return true;
    }
    let writes = |call: &Call| {
        matches!(
            call.task,
            Calls::DynamodbPut { .. } | Calls::DynamodbUpdate { .. } | Calls::DynamodbDelete { .. }
        )
    };
    matches!(step.call.task, Calls::DynamodbPut { .. }) && writes(call)
}

fn mark_condition(errors: &mut Vec<DeclaredError>) {
    if !errors.iter().any(|error| error.name == CONDITION_FAILED) {
        errors.push(DeclaredError::new(
            CONDITION_FAILED,
            super::Outcome::NotDone,
        ));
    }
    let conditions = errors
        .iter_mut()
        .filter(|error| error.name == CONDITION_FAILED);
    conditions.for_each(|error| error.only_if_not_done = true);
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

fn each_state<'s>(states: &'s States, found: &mut impl FnMut(&'s str, &'s State)) {
    for (name, state) in states {
        found(name, state);
        for states in inner(state) {
            each_state(states, found);
        }
    }
}

/// The state that tells an operator of a parked call.
fn told_by(parked: &str, all: &BTreeMap<String, String>) -> String {
    let hold = format!("Hold{parked}");
    let undone = parked.strip_prefix("Undo");
    match undone.or(parked.strip_prefix("Seal")) {
        _ if all.contains_key(&hold) => hold,
        Some(step) => format!("Park{step}"),
        None => format!("Park{parked}"),
    }
}

#[cfg(test)]
mod tests {
    use super::copy;

    #[test]
    fn copies_of_a_state_are_known_by_their_names() {
        for (state, name, expected) in [
            ("Book", "Book", Some("")),
            ("BookTry2", "Book", Some("Try2")),
            ("BookTry2Try3", "Book", Some("Try2Try3")),
            ("BookForTry2", "Book", Some("")),
            ("BookTry2ForTry3", "Book", Some("Try2")),
            ("BookTry", "Book", None),
            ("BookTrip", "Book", None),
            ("Booking", "Book", None),
            ("Unbook", "Book", None),
        ] {
            assert_eq!(copy(state, name).as_deref(), expected, "{state} {name}");
        }
    }
}
