use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use saga_asl::data::Data;
use saga_asl::model::{QueryLanguage, State as Model, StateMachine};

use super::compile_state::compile_state;
use super::{Graph, GraphId, Program, State, StateId, Template};

/// A place in a definition that cannot run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct CompileError {
    /// The state and its field, as in `Charge/Parameters`.
    pub place: String,
    /// What is wrong there.
    pub message: String,
}

/// The errors found so far, and the state that is being compiled.
#[derive(Default)]
pub(super) struct Errors {
    pub(super) state: Arc<str>,
    found: Vec<CompileError>,
}

impl Errors {
    pub(super) fn add(&mut self, place: &str, message: impl Into<String>) {
        self.found.push(CompileError {
            place: format!("{}/{place}", self.state),
            message: message.into(),
        });
    }

    /// Adds an error and stands in for what could not be compiled.
    pub(super) fn refuse(&mut self, place: &str, message: impl Into<String>) -> Template {
        self.add(place, message);
        Template::Constant(Data::Null)
    }
}

/// What is being built.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) language: QueryLanguage,
    pub(super) errors: Errors,
    states: Vec<Option<State>>,
    graphs: Vec<Graph>,
}

impl Program {
    /// Makes a machine ready to run.
    ///
    /// # Errors
    /// All places that cannot run: names of no state, paths and expressions with mistakes.
    pub fn compile(machine: &StateMachine) -> Result<Self, Vec<CompileError>> {
        let mut builder = Builder {
            language: machine.query_language.unwrap_or_default(),
            ..Builder::default()
        };
        builder.graph(&machine.start_at, &machine.states);
        if !builder.errors.found.is_empty() {
            return Err(builder.errors.found);
        }
        Ok(Program {
            states: builder.states.into_iter().flatten().collect(),
            graphs: builder.graphs,
            timeout_seconds: machine.timeout_seconds,
        })
    }
}

impl Builder {
    /// Compiles the states of a machine, branch or processor.
    pub(super) fn graph(&mut self, start: &str, states: &IndexMap<String, Model>) -> GraphId {
        let id = GraphId(position(self.graphs.len()));
        self.graphs.push(Graph::default());
        let first = position(self.states.len());
        let ids = (first..).map(StateId);
        let names: HashMap<Arc<str>, StateId> = states
            .keys()
            .map(|name| Arc::from(&**name))
            .zip(ids)
            .collect();
        self.states
            .resize_with(self.states.len() + states.len(), || None);
        for (name, state) in states {
            self.errors.state = name.as_str().into();
            let compiled = compile_state(self, name, state, &names);
            if let Some(slot) = names
                .get(&**name)
                .and_then(|id| self.states.get_mut(id.0 as usize))
            {
                *slot = Some(compiled);
            }
        }
        let start = self.target(start, "StartAt", &names);
        if let Some(graph) = self.graphs.get_mut(id.0 as usize) {
            *graph = Graph { start, names };
        }
        id
    }

    /// The state called `name` in the same graph.
    pub(super) fn target(
        &mut self,
        name: &str,
        field: &str,
        names: &HashMap<Arc<str>, StateId>,
    ) -> StateId {
        names.get(name).copied().unwrap_or_else(|| {
            self.errors
                .add(field, format!("there is no state `{name}`"));
            StateId::default()
        })
    }
}

/// A length as an id. Definitions have at most a million characters, so it fits.
fn position(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
