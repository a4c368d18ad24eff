//! What all states of an exploration share: the machine, its tasks with their faults, the input.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use saga_asl::data::Data;
use serde_json::Value;

use crate::fault::{self, Class};
use crate::ledger::Guard;
use crate::machine::{Machine, StateFacts, TaskFacts};
use crate::model::{Kind, Model, Role, Step};

/// The stage of an exploration.
pub(crate) struct Scene<'m> {
    pub(crate) machine: &'m Machine,
    pub(crate) model: &'m Model,
    pub(crate) tasks: Vec<Task<'m>>,
    by_state: BTreeMap<&'m str, usize>,
    /// The Parallel and Map states in which it matters who comes first.
    pub(crate) contested: BTreeSet<Arc<str>>,
    pub(crate) input: Data,
    /// The same as JSON.
    pub(crate) given: Value,
}

/// A Task state, with all that is known of it.
pub(crate) struct Task<'m> {
    pub(crate) state: &'m str,
    pub(crate) model: &'m crate::model::Task,
    pub(crate) facts: &'m TaskFacts,
    pub(crate) around: &'m StateFacts,
    /// The task whose faults this one's are: of a parked form the one it repeats.
    pub(crate) base: usize,
    /// Whether some state is its parked form.
    pub(crate) parks: bool,
    pub(crate) told_by: Option<usize>,
    pub(crate) classes: Vec<Class>,
}

impl Task<'_> {
    /// Which try it is of the savepoint around it that has this level, the outermost 0: first tries at the end
    /// are not in its name (`Try1Try2` is the second of an inner one).
    pub(crate) fn tried(&self, level: usize) -> usize {
        let tries = self.model.copy.split("Try").skip(1);
        tries.flat_map(str::parse).nth(level).unwrap_or(1)
    }
}

impl<'m> Scene<'m> {
    /// # Errors
    /// The Task states of the machine that the model does not know.
    pub(crate) fn new(
        machine: &'m Machine,
        model: &'m Model,
        input: Data,
    ) -> Result<Self, Vec<String>> {
        let states = machine.states.iter();
        let tasks =
            states.filter_map(|(name, facts)| Some((name.as_str(), facts, facts.task.as_ref()?)));
        let unknown: Vec<String> = tasks
            .clone()
            .filter(|(name, ..)| !model.tasks.contains_key(*name))
            .map(|(name, ..)| name.to_owned())
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let by_state: BTreeMap<&str, usize> = tasks
            .clone()
            .enumerate()
            .map(|(index, (name, ..))| (name, index))
            .collect();
        let named = |name: &str| by_state.get(name).copied();
        let tasks = tasks
            .enumerate()
            .filter_map(|(index, (state, around, facts))| {
                let task = model.tasks.get(state)?;
                let step = step_of(model, task.role);
                let faults = fault::faults(
                    task,
                    &facts.resource,
                    step.map(|step| step.kind),
                    step.is_some_and(|step| step.idempotent),
                );
                Some(Task {
                    state,
                    model: task,
                    facts,
                    around,
                    base: named(model.base(state)).unwrap_or(index),
                    parks: model
                        .tasks
                        .values()
                        .any(|other| other.parked_form_of.as_deref() == Some(state)),
                    told_by: task.told_by.as_deref().and_then(named),
                    classes: fault::classes(
                        faults,
                        &facts.resource,
                        &facts.handling,
                        machine.names_matter,
                    ),
                })
            });
        let tasks: Vec<Task<'m>> = tasks.collect();
        Ok(Self {
            machine,
            model,
            contested: contested(machine, &tasks),
            tasks,
            by_state,
            given: serde_json::to_value(&input).unwrap_or_default(),
            input,
        })
    }

    pub(crate) fn task_of(&self, state: &str) -> Option<usize> {
        self.by_state.get(state).copied()
    }

    pub(crate) fn step(&self, index: usize) -> Option<&'m Step> {
        self.model.steps.get(index)
    }

    pub(crate) fn kind(&self, step: usize) -> Kind {
        self.step(step).map_or(Kind::ReadOnly, |step| step.kind)
    }

    /// What keeps deliveries of a step from acting twice, where its handler has no fence.
    pub(crate) fn guard(&self, step: usize) -> Guard {
        match self.step(step) {
            Some(step) if !step.idempotent => Guard::None,
            _ => Guard::Mark,
        }
    }

    /// Whether a message tells an operator of what will be parked.
    pub(crate) fn tells_operator(&self, task: usize) -> bool {
        self.tasks.iter().any(|other| other.told_by == Some(task))
    }

    /// The same of the task of a state.
    pub(crate) fn tells_operator_in(&self, state: &str) -> bool {
        self.task_of(state)
            .is_some_and(|task| self.tells_operator(task))
    }

    pub(crate) fn is_map(&self, state: &str) -> bool {
        let around = |facts: &StateFacts| {
            facts
                .within
                .iter()
                .any(|around| &*around.state == state && around.branch.is_none())
        };
        self.machine.states.values().any(around)
    }
}

pub(crate) fn step_of(model: &Model, role: Role) -> Option<&Step> {
    match role {
        Role::Do(step) | Role::Undo(step) => model.steps.get(step),
        Role::Message => None,
    }
}

/// Where the order of what happens in different branches or iterations can matter: where one of them can end
/// the others by failing, or can undo while another one is still doing. Everywhere else they commute: they
/// share no variables and no step instances, each comes to the same end whatever the others do meanwhile,
/// and the state that waits for them goes on only when all have ended.
fn contested(machine: &Machine, tasks: &[Task<'_>]) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    for facts in machine.states.values().filter(|facts| facts.raises) {
        found.extend(facts.within.iter().map(|around| Arc::clone(&around.state)));
    }
    let within = |role: fn(Role) -> bool| -> BTreeSet<Arc<str>> {
        let tasks = tasks.iter().filter(|task| role(task.model.role));
        let around = tasks.flat_map(|task| &task.around.within);
        around.map(|around| Arc::clone(&around.state)).collect()
    };
    let doing = within(|role| matches!(role, Role::Do(_)));
    let undoing = within(|role| matches!(role, Role::Undo(_)));
    found.extend(doing.intersection(&undoing).cloned());
    found
}
