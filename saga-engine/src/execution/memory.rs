use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::arena::Arena;
use super::event::{Effect, Outcome, TaskId};
use super::flow::{Flow, FlowId, Run, RunId};
use super::timer::Timers;
use crate::history::HistoryEvent;
use crate::random::Seeded;
use crate::time::Timestamp;

/// The type of an execution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExecutionType {
    /// Up to a year and 25,000 events; can be redriven.
    #[default]
    Standard,
    /// Up to five minutes, events without limit.
    Express,
    /// The same, and whoever started it waits for its end. It knows no redrives, not even in
    /// its context object.
    SyncExpress,
}

/// How an execution is run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// Its type.
    pub execution_type: ExecutionType,
    /// Who it is.
    pub identity: Identity,
    /// What random numbers follow from.
    pub seed: u64,
    /// Whether the history is kept. It is counted in any case.
    pub keep_history: bool,
    /// How many states an Express execution enters at most. AWS bounds it by time instead,
    /// which does not pass while an execution runs without waiting.
    pub express_transitions: u64,
}

/// The names that the context object shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// As in `us-east-1`.
    pub region: Arc<str>,
    /// Twelve digits.
    pub account: Arc<str>,
    /// The state machine's name.
    pub machine: Arc<str>,
    /// The execution's name.
    pub execution: Arc<str>,
    /// The ARN of the machine's role.
    pub role: Arc<str>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            execution_type: ExecutionType::Standard,
            identity: Identity::default(),
            seed: 0,
            keep_history: true,
            express_transitions: 1_000_000,
        }
    }
}

impl Default for Identity {
    fn default() -> Self {
        Identity {
            region: "us-east-1".into(),
            account: "123456789012".into(),
            machine: "StateMachine".into(),
            execution: "execution".into(),
            role: "arn:aws:iam::123456789012:role/StepFunctions".into(),
        }
    }
}

impl Identity {
    /// An ARN of Step Functions.
    pub(super) fn arn(&self, resource: &str) -> Arc<str> {
        format!("arn:aws:states:{}:{}:{resource}", self.region, self.account).into()
    }
}

/// All that an execution knows: plain data that can be stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Memory {
    pub(super) settings: Settings,
    pub(super) now: Timestamp,
    pub(super) random: Seeded,
    pub(super) flows: Arena<Flow>,
    pub(super) runs: Arena<Run>,
    pub(super) main: RunId,
    pub(super) tasks: BTreeMap<TaskId, FlowId>,
    pub(super) timers: Timers,
    /// The flows that can go on.
    pub(super) ready: VecDeque<FlowId>,
    pub(super) effects: Vec<Effect>,
    pub(super) next_task: u64,
    pub(super) transitions: u64,
    /// Runs that have just written too many events.
    pub(super) overflowed: Vec<RunId>,
    pub(super) outcome: Option<Outcome>,
}

impl Memory {
    pub(super) fn new(settings: Settings, now: Timestamp) -> Self {
        Memory {
            random: Seeded::new(settings.seed),
            settings,
            now,
            flows: Arena::default(),
            runs: Arena::default(),
            main: RunId(0),
            tasks: BTreeMap::new(),
            timers: Timers::default(),
            ready: VecDeque::new(),
            effects: Vec::new(),
            next_task: 0,
            transitions: 0,
            overflowed: Vec::new(),
            outcome: None,
        }
    }

    pub(super) fn history(&self) -> &[HistoryEvent] {
        let main = self.runs.get(self.main.0);
        main.map_or(&[], |run| run.history.as_slice())
    }

    pub(super) fn flow(&self, id: FlowId) -> Option<&Flow> {
        self.flows.get(id.0)
    }

    pub(super) fn flow_mut(&mut self, id: FlowId) -> Option<&mut Flow> {
        self.flows.get_mut(id.0)
    }

    pub(super) fn run(&self, id: RunId) -> Option<&Run> {
        self.runs.get(id.0)
    }

    pub(super) fn run_mut(&mut self, id: RunId) -> Option<&mut Run> {
        self.runs.get_mut(id.0)
    }
}
