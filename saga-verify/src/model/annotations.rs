#![doc = include_str!("annotations.md")]

use std::collections::BTreeMap;

use saga_asl::data::Data;
use saga_asl::model::{State, StateMachine};
use serde::Deserialize;
use serde_json::Value;

use super::{Claim, DeclaredError, Kind, Model, Outcome, Role, Step, Task};

/// The page that documents them.
pub const PAGE: &str = include_str!("annotations.md");

/// A file of annotations.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Annotations {
    /// What reports call the saga.
    #[serde(default = "unnamed")]
    pub saga: String,
    /// The steps, by the Task state that does each.
    pub steps: BTreeMap<String, AnnotatedStep>,
    /// More of the Task states that undo.
    #[serde(default)]
    pub undos: BTreeMap<String, AnnotatedTask>,
    /// Task states that only tell somebody something.
    #[serde(default)]
    pub messages: Vec<String>,
    /// What ends say, by state.
    #[serde(default)]
    pub ends: BTreeMap<String, AnnotatedEnd>,
    /// What the exploration starts with.
    #[serde(default)]
    pub input: Option<Value>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AnnotatedStep {
    /// Its kind.
    pub kind: AnnotatedKind,
    /// The Task state that undoes it.
    #[serde(default)]
    pub undo: Option<String>,
    /// Whether a second delivery changes nothing.
    #[serde(default = "yes")]
    pub idempotent: bool,
    /// What is said of any Task state.
    #[serde(flatten)]
    pub task: AnnotatedTask,
}

/// What is said of a Task state that does or undoes a step.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AnnotatedTask {
    /// The Task state in which it waits for an operator.
    #[serde(default)]
    pub parked: Option<String>,
    /// Errors that say that nothing was done, or undone.
    #[serde(default)]
    pub not_done: Vec<String>,
    /// Other errors it may fail with.
    #[serde(default)]
    pub errors: Vec<String>,
    /// Seconds that what it calls may run.
    #[serde(default)]
    pub takes: Option<u64>,
    /// What it answers.
    #[serde(default)]
    pub answer: Option<Value>,
}

/// The kind of a step, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnotatedKind {
    /// It has an `undo`.
    Compensatable,
    /// The point of no return.
    Pivot,
    /// After the pivot.
    Retriable,
    /// Without effect.
    ReadOnly,
}

/// What an end says, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnotatedEnd {
    /// All steps are done.
    Completed,
    /// All that was done is undone.
    Compensated,
}

/// Why annotations cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnnotationError {
    /// They are no annotations.
    #[error("the annotations cannot be read: {0}")]
    Malformed(String),
    /// They do not fit the definition, or themselves.
    #[error("{0}")]
    Wrong(String),
}

fn unnamed() -> String {
    "the saga".to_owned()
}

fn yes() -> bool {
    true
}

impl Annotations {
    /// Reads annotations, in YAML or JSON.
    ///
    /// # Errors
    /// When they are neither, or of another shape.
    pub fn read(text: &str) -> Result<Self, AnnotationError> {
        serde_yaml::from_str(text).map_err(|error| {
            let said = error.to_string();
            let said = said.strip_prefix("error: ").unwrap_or(&said);
            AnnotationError::Malformed(said.to_owned())
        })
    }

    /// What they say of a definition.
    ///
    /// # Errors
    /// Everything that does not fit.
    pub fn model(&self, definition: &StateMachine) -> Result<Model, Vec<AnnotationError>> {
        let mut reading = Reading {
            definition,
            model: Model {
                saga: self.saga.clone(),
                ..Model::default()
            },
            wrong: Vec::new(),
        };
        for (state, step) in &self.steps {
            reading.step(state, step, &self.undos);
        }
        for state in self.undos.keys() {
            if !self
                .steps
                .values()
                .any(|step| step.undo.as_ref() == Some(state))
            {
                reading.wrong(format!("`undos` has `{state}`, which is no step's `undo`"));
            }
        }
        for state in &self.messages {
            reading.task(state, Role::Message, None, &AnnotatedTask::default());
        }
        for (state, end) in &self.ends {
            reading.end(state, *end);
        }
        if reading.wrong.is_empty() {
            Ok(reading.model)
        } else {
            Err(reading.wrong)
        }
    }
}

struct Reading<'d> {
    definition: &'d StateMachine,
    model: Model,
    wrong: Vec<AnnotationError>,
}

impl Reading<'_> {
    fn wrong(&mut self, what: String) {
        self.wrong.push(AnnotationError::Wrong(what));
    }

    fn step(&mut self, state: &str, step: &AnnotatedStep, undos: &BTreeMap<String, AnnotatedTask>) {
        let index = self.model.steps.len();
        let kind = match step.kind {
            AnnotatedKind::Compensatable => Kind::Compensatable,
            AnnotatedKind::Pivot => Kind::Pivot,
            AnnotatedKind::Retriable => Kind::Retriable,
            AnnotatedKind::ReadOnly => Kind::ReadOnly,
        };
        match (&step.undo, kind) {
            (None, Kind::Compensatable) => {
                self.wrong(format!("`{state}` is compensatable and says no `undo`"));
            }
            (Some(_), Kind::Pivot | Kind::Retriable | Kind::ReadOnly) => {
                self.wrong(format!(
                    "`{state}` has an `undo`, and only a compensatable step is undone"
                ));
            }
            _ => {}
        }
        self.model.steps.push(Step {
            name: state.to_owned(),
            kind,
            idempotent: step.idempotent,
            savepoints: Vec::new(),
        });
        self.task(state, Role::Do(index), None, &step.task);
        if let Some(undo) = &step.undo {
            let none = AnnotatedTask::default();
            self.task(
                undo,
                Role::Undo(index),
                None,
                undos.get(undo).unwrap_or(&none),
            );
        }
    }

    fn task(
        &mut self,
        state: &str,
        role: Role,
        parked_form_of: Option<&str>,
        said: &AnnotatedTask,
    ) {
        if task_state(&self.definition.states, state).is_none() {
            return self.wrong(format!("the definition has no Task state `{state}`"));
        }
        let known = said
            .not_done
            .iter()
            .map(|name| DeclaredError::new(name, Outcome::NotDone));
        let unknown = said
            .errors
            .iter()
            .map(|name| DeclaredError::new(name, Outcome::Unknown));
        let answer = said
            .answer
            .clone()
            .and_then(|answer| serde_json::from_value(answer).ok());
        let task = Task {
            role,
            parked_form_of: parked_form_of.map(str::to_owned),
            errors: known.chain(unknown).collect(),
            answer: answer.unwrap_or_else(Data::empty_object),
            takes: said.takes,
            ..Task::message()
        };
        if self.model.tasks.insert(state.to_owned(), task).is_some() {
            self.wrong(format!("`{state}` is named twice"));
        }
        if let Some(parked) = &said.parked {
            let said = AnnotatedTask {
                parked: None,
                ..said.clone()
            };
            self.task(parked, role, Some(state), &said);
        }
    }

    fn end(&mut self, state: &str, end: AnnotatedEnd) {
        if !self.definition.states.contains_key(state) {
            return self.wrong(format!(
                "`ends` names `{state}`, which is no state of the machine"
            ));
        }
        let claim = match end {
            AnnotatedEnd::Completed => Claim::Completed,
            AnnotatedEnd::Compensated => Claim::Compensated,
        };
        self.model.claims.insert(state.to_owned(), claim);
    }
}

fn task_state<'s>(states: &'s indexmap::IndexMap<String, State>, name: &str) -> Option<&'s State> {
    super::manifest::found(states, name).filter(|state| matches!(state, State::Task(_)))
}
