use std::sync::Arc;

use saga_asl::data::Data;
use serde::{Deserialize, Serialize};

use super::event::TaskId;
use super::timer::Timer;
use crate::fault::Failure;
use crate::history::{Family, HistoryEvent};
use crate::program::StateId;
use crate::time::Timestamp;

/// A flow of control, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct FlowId(pub(super) u32);

/// An execution: the whole one, or a child of a distributed Map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunId(pub(super) u32);

/// A flow of control through the states of a machine, a branch or an item processor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Flow {
    /// Whose history it writes.
    pub(super) run: RunId,
    /// The Parallel or Map state that waits for it, and its place in that.
    pub(super) parent: Option<(FlowId, usize)>,
    /// The state it is in.
    pub(super) state: StateId,
    /// That state's input.
    pub(super) input: Data,
    /// The variables in scope: an object.
    pub(super) variables: Data,
    /// The item of the Map around it.
    pub(super) item: Option<Arc<Item>>,
    /// When the state was entered, and as which event.
    pub(super) entered: (Timestamp, u64),
    /// The last event it wrote.
    pub(super) last: u64,
    /// How often each retrier was used since the state was entered.
    pub(super) retries: Vec<u32>,
    /// Where it is within the state.
    pub(super) phase: Phase,
}

impl Flow {
    /// A flow inside this one, which starts at `state`; it sees the same variables and item.
    pub(super) fn child(&self, parent: (FlowId, usize), state: StateId, input: Data) -> Flow {
        Flow {
            run: self.run,
            parent: Some(parent),
            state,
            input,
            variables: self.variables.clone(),
            item: self.item.clone(),
            entered: self.entered,
            last: self.last,
            retries: Vec::new(),
            phase: Phase::Entering,
        }
    }
}

/// An item that a Map works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) index: usize,
    pub(super) value: Data,
    /// The Map states with their indexes, outermost first.
    pub(super) path: Vec<(Arc<str>, usize)>,
}

/// Where a flow is within its state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Phase {
    /// About to enter it.
    Entering,
    /// Waiting for an instant.
    Waiting(Timer),
    /// Waiting for a service.
    Task(Box<Pending>),
    /// Waiting for branches.
    Parallel(Box<Branches>),
    /// Waiting for items.
    Map(Box<Items>),
    /// Failed or stopped; only a redrive goes on from here.
    Stopped,
}

/// A call of a service that has not been answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) task: TaskId,
    pub(super) family: Family,
    pub(super) started: bool,
    pub(super) submitted: bool,
    pub(super) waits: bool,
    pub(super) timeout: Option<Timer>,
    pub(super) heartbeat: Option<Timer>,
    pub(super) interval: Option<i64>,
}

/// The branches of a Parallel state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Branches {
    pub(super) flows: Vec<FlowId>,
    pub(super) outputs: Vec<Option<Data>>,
}

/// The iterations of a Map state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Items {
    /// The Map's effective input.
    pub(super) input: Data,
    /// The items; with a batcher, the batches.
    pub(super) items: Data,
    /// Whether `items` are inputs as they are.
    pub(super) batched: bool,
    /// How many there are of those that are counted as failures.
    pub(super) total: usize,
    /// The next to start.
    pub(super) next: usize,
    /// Those that run: index and flow.
    pub(super) running: Vec<(usize, FlowId)>,
    pub(super) outputs: Vec<Option<Data>>,
    pub(super) concurrency: usize,
    pub(super) failures: usize,
    /// The event that started the Map.
    pub(super) started: u64,
    /// Distributed only.
    pub(super) map_run: Option<MapRun>,
    /// A read or write that is waited for.
    pub(super) transfer: Option<TaskId>,
}

/// A run of a distributed Map.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MapRun {
    pub(super) arn: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) tolerated_count: Option<i64>,
    pub(super) tolerated_percentage: Option<f64>,
}

/// An execution's own data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) input: Data,
    pub(super) started: Timestamp,
    /// The Map whose child it is, with its index there.
    pub(super) parent: Option<(FlowId, usize)>,
    /// The flow of the whole machine or processor.
    pub(super) root: Option<FlowId>,
    /// The number of the last event.
    pub(super) events: u64,
    pub(super) history: Vec<HistoryEvent>,
    pub(super) standard: bool,
    pub(super) redrives: u32,
    /// It has written its last event.
    pub(super) closed: bool,
    /// Why it failed for having too many events.
    pub(super) overflow: Option<Failure>,
}
