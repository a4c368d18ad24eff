//! Which sagas can do without an orchestrator.

use std::collections::BTreeSet;

use saga_manifest::Manifest;
use saga_manifest::flow::{Block, Node};
use saga_manifest::handler::Handler;
use saga_manifest::place::Place;
use saga_manifest::saga::{Saga, SensitiveForm};
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::Task;

use crate::version;

/// A saga whose steps follow each other by events.
#[derive(Clone, Debug)]
pub struct Choreography {
    pub(crate) saga: Saga,
    pub(crate) version: String,
    /// Handlers whose effects need no fence, by their authors' word.
    unfenced: BTreeSet<String>,
    /// Steps that only go forward: those behind the pivot.
    forward: BTreeSet<String>,
}

/// Something in a saga that needs an orchestrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where the author wrote it.
    pub place: Place,
}

impl Choreography {
    /// A saga of a package without mistakes.
    ///
    /// # Errors
    /// What needs an orchestrator: maps, savepoints, direct integrations, nested sagas, approvals and
    /// notifications, and clear sensitive data, which would be in events and records.
    pub fn of(manifest: &Manifest, name: &str) -> Result<Self, Vec<Refusal>> {
        let found = manifest.sagas.iter().find(|saga| saga.name == name);
        let Some(saga) = found else {
            return Err(Vec::new());
        };
        let refusals = refusals(manifest, saga);
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let mut forward = BTreeSet::new();
        behind_pivot(&saga.body, false, &mut forward);
        let handlers = manifest.handlers.iter();
        let unfenced = handlers.filter(|handler| handler.unfenced.is_some());
        Ok(Self {
            version: version::of(saga),
            saga: saga.clone(),
            unfenced: unfenced.map(|handler| handler.name.clone()).collect(),
            forward,
        })
    }

    /// The saga.
    #[must_use]
    pub fn saga(&self) -> &Saga {
        &self.saga
    }

    /// What tells this definition from another one of the same name.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// A step of the saga.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&Step> {
        let mut steps = self.saga.body.all_steps().into_iter();
        steps.find(|step| step.name == name)
    }

    /// What does or undoes a step.
    #[must_use]
    pub fn call(&self, step: &str, undo: bool) -> Option<&Call> {
        let step = self.step(step)?;
        match (&step.kind, undo) {
            (_, false) => Some(&step.call),
            (Kind::Compensatable { compensation }, true) => Some(compensation),
            (_, true) => None,
        }
    }

    /// Whether a step's do or undo goes through a fence.
    #[must_use]
    pub fn is_fenced(&self, step: &str, undo: bool) -> bool {
        let reads = self.step(step).map(|step| &step.kind) == Some(&Kind::ReadOnly);
        let handler = self.call(step, undo).and_then(handler);
        !reads && handler.is_some_and(|handler| !self.unfenced.contains(handler))
    }

    /// Whether a step only goes forward.
    pub(crate) fn is_forward(&self, step: &str) -> bool {
        self.forward.contains(step)
    }
}

/// The handler of a call.
pub(crate) fn handler(call: &Call) -> Option<&str> {
    match &call.task {
        Task::Lambda { handler, .. } => Some(handler),
        _ => None,
    }
}

fn refusals(manifest: &Manifest, saga: &Saga) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for node in saga.body.all_nodes() {
        match node {
            Node::Step(step) => {
                let undo = match &step.kind {
                    Kind::Compensatable { compensation } => Some(&**compensation),
                    _ => None,
                };
                let calls = std::iter::once(&step.call).chain(undo);
                refusals.extend(calls.filter_map(|call| of_call(call, step, manifest)));
            }
            Node::Map(map) => refusals.push(refuse(
                format!("`{}` does the same for each item of a list", map.name),
                "let one handler do all items, or deploy this saga with `--target step-functions`",
                &map.place,
            )),
            Node::Savepoint(savepoint) => refusals.push(refuse(
                format!("`{}` is undone and tried again as a part", savepoint.name),
                "give its steps retries, or deploy this saga with `--target step-functions`",
                &savepoint.place,
            )),
            Node::Parallel(_) | Node::Choice(_) | Node::Wait(_) => {}
        }
    }
    refusals.extend(saga.notifications.iter().map(|notification| {
        refuse(
            format!("`{}` is sent when the saga has ended", notification.name),
            "let who is to know subscribe to the event of the saga's end: it is published anyway",
            &notification.place,
        )
    }));
    let clear = |field: &&saga_manifest::saga::SensitiveField| field.form == SensitiveForm::Clear;
    let fields = saga.input.sensitive.iter().filter(clear);
    refusals.extend(fields.map(|field| {
        refuse(
            format!(
                "`{}` of the saga's input is sensitive and enters in clear",
                field.path.join(".")
            ),
            "let a token or a ciphertext enter in its place: events and records hold the input",
            &saga.place,
        )
    }));
    refusals
}

fn of_call(call: &Call, step: &Step, manifest: &Manifest) -> Option<Refusal> {
    let what = match &call.task {
        Task::Lambda { handler, .. } => return of_handler(handler, step, manifest),
        Task::DynamodbPut { .. }
        | Task::DynamodbGet { .. }
        | Task::DynamodbUpdate { .. }
        | Task::DynamodbLock { .. }
        | Task::DynamodbRelease { .. }
        | Task::DynamodbAdd { .. }
        | Task::DynamodbDelete { .. } => "calls DynamoDB without a handler",
        Task::SnsPublish { .. } => "publishes to a topic without a handler",
        Task::SqsSend { .. } => "sends to a queue without a handler",
        Task::Saga { .. } => "runs another saga",
        Task::Approval { .. } => "waits for an answer by a task token",
    };
    Some(refuse(
        format!("`{}` {what}", step.name),
        "do it in a handler (`#[derive(SagaStep)]`), or deploy this saga with `--target step-functions`",
        &step.place,
    ))
}

/// Answers are kept in the saga's record.
fn of_handler(name: &str, step: &Step, manifest: &Manifest) -> Option<Refusal> {
    let called = |handler: &&Handler| handler.name == name;
    let handler = manifest.handlers.iter().find(called)?;
    let data = handler
        .input
        .sensitive
        .iter()
        .chain(&handler.output.sensitive);
    let mut clear = data.filter(|field| field.form == SensitiveForm::Clear);
    let field = clear.next()?;
    Some(refuse(
        format!(
            "`{}` of `{name}` is sensitive and in clear",
            field.path.join(".")
        ),
        "let it be a token or a ciphertext: events and records hold inputs and answers",
        &step.place,
    ))
}

fn refuse(message: String, help: &str, place: &Place) -> Refusal {
    Refusal {
        message,
        help: help.to_owned(),
        place: place.clone(),
    }
}

/// Notes the steps behind the pivot; gives whether the pivot is passed at the block's end.
fn behind_pivot(block: &Block, passed: bool, forward: &mut BTreeSet<String>) -> bool {
    block.nodes.iter().fold(passed, |passed, node| {
        if let Node::Step(step) = node {
            if passed {
                forward.insert(step.name.clone());
            }
            return passed || step.kind == Kind::Pivot;
        }
        let inside = node.blocks().into_iter();
        let ends: Vec<_> = inside
            .map(|block| behind_pivot(block, passed, forward))
            .collect();
        passed || ends.contains(&true)
    })
}
