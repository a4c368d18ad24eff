//! A state machine made ready to run: names resolved, expressions parsed, defaults filled in.
//!
//! [`Program::compile`] is the only place that can find a definition wrong; what runs
//! afterwards has no such error to return.

mod compile;
mod compile_map;
mod compile_state;
mod condition;
mod resource;
mod setting;
mod state;
mod template;

use std::collections::HashMap;
use std::sync::Arc;

pub use compile::CompileError;
pub use condition::{Condition, Family, Operand, Test};
pub use resource::{Pattern, Resource, Service};
pub use setting::{Setting, Source};
pub use state::{
    Assign, Batcher, Catcher, Choice, ItemSource, Kind, Map, Processing, Reader, ResultTarget,
    Retrier, Rule, Selector, State, Task, Until, Writer,
};
pub use template::Template;

/// A state of a [`Program`], by position.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct StateId(pub(crate) u32);

/// A machine, branch or item processor of a [`Program`], by position.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct GraphId(pub(crate) u32);

/// A state machine, ready to run. Shared by all its executions.
#[derive(Debug)]
pub struct Program {
    states: Vec<State>,
    graphs: Vec<Graph>,
    /// Seconds after which an execution times out.
    pub timeout_seconds: Option<u64>,
}

/// States that see each other: a machine, a branch of a Parallel state, an item processor.
#[derive(Debug, Default)]
pub struct Graph {
    /// The first state.
    pub start: StateId,
    names: HashMap<Arc<str>, StateId>,
}

impl Program {
    /// The state at `id`.
    #[expect(
        clippy::indexing_slicing,
        reason = "INVARIANT: ids are made by `compile`, one for each state"
    )]
    pub fn state(&self, id: StateId) -> &State {
        &self.states[id.0 as usize]
    }

    /// The graph at `id`.
    #[expect(
        clippy::indexing_slicing,
        reason = "INVARIANT: ids are made by `compile`, one for each graph"
    )]
    pub fn graph(&self, id: GraphId) -> &Graph {
        &self.graphs[id.0 as usize]
    }

    /// The whole machine.
    pub fn root(&self) -> GraphId {
        GraphId(0)
    }

    /// The state called `name`, wherever it is: AWS has names unique in the whole machine.
    pub fn find(&self, name: &str) -> Option<StateId> {
        self.graphs
            .iter()
            .find_map(|graph| graph.names.get(name).copied())
    }
}
