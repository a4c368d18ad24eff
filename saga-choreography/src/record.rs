//! All that a saga has come to.

use std::collections::BTreeMap;

use saga_fence::{Failure, Order};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::Event;

/// A saga's record: facts that are only added to, and the events that say what the last of them brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// How often it was written: what a compare-and-swap compares.
    pub revision: u64,
    /// The saga's name.
    pub saga: String,
    /// Of which definition: [`Choreography::version`](crate::Choreography::version).
    pub version: String,
    /// The saga's id.
    pub id: String,
    /// What it was started with.
    pub input: Value,
    /// When it was started, in milliseconds since 1970.
    pub started: u64,
    /// How often an operator has let it go on.
    pub redrives: u32,
    /// What became of its steps, by instance.
    #[serde(default)]
    pub steps: BTreeMap<String, Fact>,
    /// Its pauses, by name.
    #[serde(default)]
    pub pauses: BTreeMap<String, Pause>,
    /// The first failure that undo follows from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// What is to be published of this revision. The next revision has an outbox of its own.
    #[serde(default)]
    pub outbox: Vec<Message>,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Its do.
    pub forward: Task,
    /// Its undo, once that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backward: Option<Task>,
}

/// What became of a do or an undo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The attempt that was asked for last.
    pub order: Order,
    /// When that is given up, in milliseconds since 1970.
    pub until: u64,
    /// How often each retry policy was made use of, by its place among the call's.
    #[serde(default)]
    pub retries: BTreeMap<usize, u32>,
    /// How often an attempt met another delivery at work, and was asked for again.
    #[serde(default)]
    pub waits: u32,
    /// Whether an attempt may have had its effect without an answer.
    #[serde(default)]
    pub doubtful: bool,
    /// Where it is.
    pub stage: Stage,
    /// Whether it is to be looked at once more, at `until`. In no record that is written.
    #[serde(skip)]
    pub looks_again: bool,
}

/// Where a do or an undo is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// To be asked for, at this time in milliseconds since 1970. In no record that is written.
    Due(u64),
    /// Asked for.
    Asked,
    /// Done, with this answer.
    Done(Value),
    /// Surely not done.
    NotDone(Failure),
    /// Given up, and perhaps done.
    Unsure(Failure),
    /// It waits for an operator.
    Parked(Failure),
}

/// A pause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// Until when, in milliseconds since 1970.
    pub until: u64,
    /// Whether it is over.
    pub over: bool,
}

/// Why a saga is undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Error {
    /// The step that failed, or where the author gives up.
    pub step: String,
    /// The error's name.
    pub name: String,
    /// What happened.
    pub message: String,
}

/// How a saga ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// All steps are done: the output.
    Completed(Value),
    /// What was done is undone.
    Compensated,
}

/// An event on its way to the bus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The event.
    pub event: Event,
    /// When it is published, in milliseconds since 1970; else at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<u64>,
}

impl Record {
    /// Whether a step or an undo waits for an operator.
    #[must_use]
    pub fn is_parked(&self) -> bool {
        let parked = |task: &Task| matches!(task.stage, Stage::Parked(_));
        self.tasks().any(parked)
    }

    /// Whether undo has begun.
    #[must_use]
    pub fn is_undoing(&self) -> bool {
        self.steps.values().any(|fact| fact.backward.is_some())
    }

    /// All dos and undos.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        let facts = self.steps.values();
        facts.flat_map(|fact| std::iter::once(&fact.forward).chain(&fact.backward))
    }

    pub(crate) fn tasks_mut(&mut self) -> impl Iterator<Item = &mut Task> {
        let facts = self.steps.values_mut();
        facts.flat_map(|fact| std::iter::once(&mut fact.forward).chain(&mut fact.backward))
    }
}

impl Task {
    /// A task that is asked for now.
    pub(crate) fn new(now: u64, redrive: u32) -> Self {
        Self {
            order: Order {
                entered: now,
                redrive,
                attempt: 0,
            },
            until: 0,
            retries: BTreeMap::new(),
            waits: 0,
            doubtful: false,
            stage: Stage::Due(now),
            looks_again: false,
        }
    }

    /// Whether somebody is at it, or will be.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Due(_) | Stage::Asked)
    }
}
