//! What a verification says: a certificate, or a counterexample.

mod test_code;
mod text;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::bounds::Bounds;
use crate::explore::Endings;
use crate::fault::FaultKind;
use crate::guarantee::{Guarantee, Violation};
use crate::ledger::Account;
use crate::model::{Model, Role};
use crate::scene::{Task, step_of};
use crate::trace::Step;
use crate::verify::Options;

pub use test_code::TestCode;

/// What came of a verification.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// Every guarantee holds, as far as the certificate says.
    Holds(Box<Certificate>),
    /// One does not.
    Broken(Box<Counterexample>),
}

/// What was explored, and what it showed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Certificate {
    /// The saga.
    pub saga: String,
    /// The numbers of the guarantees that were checked.
    pub guarantees: Vec<Guarantee>,
    /// Faults in one execution, at most.
    pub depth: usize,
    /// The tasks, with the faults that hit each.
    pub tasks: Vec<TaskFaults>,
    /// The tables on whose items another saga comes in the way: those whose isolation can be explored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contended: Vec<String>,
    /// How many inputs were explored.
    pub inputs: usize,
    /// Distinct states.
    pub distinct_states: usize,
    /// Steps from one state to another.
    pub steps: u64,
    /// Distinct states at which executions ended.
    pub endings: Endings,
    /// Whether all was explored that `depth` faults lead to; else the bound on states was met first.
    pub complete: bool,
    /// The worst of any execution; none where one may go round without an end.
    pub bounds: Option<Bounds>,
    /// An execution in which nothing goes wrong. Its seconds are not known.
    pub best: Bounds,
}

/// The faults of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskFaults {
    /// The state.
    pub state: String,
    /// What it is for: `do`, `undo`, `read` or `message`.
    pub role: &'static str,
    /// The step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// How many faults may hit it.
    pub faults: usize,
    /// Those that the definition can tell apart, in words.
    pub distinct: Vec<String>,
    /// Their kinds.
    pub kinds: Vec<FaultKind>,
}

/// The smallest way to break a guarantee: the fewest faults, then the fewest transitions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counterexample {
    /// The saga.
    pub saga: String,
    /// What is broken.
    pub violation: Violation,
    /// The input.
    pub input: Value,
    /// What happens, in order. Empty where the definition shows it as it stands.
    pub steps: Vec<Step>,
    /// What has happened to each step instance then.
    pub ledger: Vec<Account>,
    /// A test of `saga_local::testing` that injects the same faults, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
}

impl Certificate {
    pub(crate) fn new(model: &Model, options: Options) -> Self {
        let items = model.tasks.values().filter_map(|task| task.item.as_ref());
        let contended: BTreeSet<String> = items.map(|item| item.table.clone()).collect();
        let guarantees = Guarantee::ALL.into_iter();
        let guarantees =
            guarantees.filter(|it| *it != Guarantee::Isolation || !contended.is_empty());
        Self {
            saga: model.saga.clone(),
            guarantees: guarantees.collect(),
            depth: options.depth,
            tasks: Vec::new(),
            contended: contended.into_iter().collect(),
            inputs: 0,
            distinct_states: 0,
            steps: 0,
            endings: Endings::default(),
            complete: true,
            bounds: Some(Bounds::default()),
            best: Bounds::default(),
        }
    }

    /// Faults of all tasks.
    #[must_use]
    pub fn faults(&self) -> usize {
        self.tasks.iter().map(|task| task.faults).sum()
    }
}

impl TaskFaults {
    pub(crate) fn of(task: &Task<'_>, model: &Model) -> Self {
        let step = step_of(model, task.model.role);
        let kinds: BTreeSet<_> = task.classes.iter().map(|class| class.fault.kind).collect();
        Self {
            state: task.state.to_owned(),
            role: match task.model.role {
                Role::Do(_)
                    if step.is_some_and(|step| step.kind == crate::model::Kind::ReadOnly) =>
                {
                    "read"
                }
                Role::Do(_) => "do",
                Role::Undo(_) => "undo",
                Role::Message => "message",
            },
            step: step.map(|step| step.name.clone()),
            faults: task.classes.iter().map(|class| class.members.len()).sum(),
            distinct: task
                .classes
                .iter()
                .map(|class| class.fault.words())
                .collect(),
            kinds: kinds.into_iter().collect(),
        }
    }
}

impl Counterexample {
    /// How many faults it takes.
    #[must_use]
    pub fn faults(&self) -> usize {
        let faults = self.steps.iter().filter_map(|step| step.fault.as_ref());
        faults.filter(|fault| fault.new).count()
    }

    /// The states that are entered, in order.
    #[must_use]
    pub fn states(&self) -> Vec<&str> {
        let entered = self.steps.iter().flat_map(|step| &step.entered);
        entered.map(String::as_str).collect()
    }
}
