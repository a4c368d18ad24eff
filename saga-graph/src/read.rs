//! From a definition to what is drawn of it.

mod part;
mod transitions;

use std::collections::BTreeMap;

use saga_asl::outline::{Outline, Scope, StateId, StateType};
use saga_asl::recovery::Recovery;

use crate::graph::{Graph, Lane, Machine, Mark, Node, Shape};
use crate::notes::{Notes, Purpose};
use part::Part;

/// Reads a definition. What is broken in it is drawn as far as it goes.
#[must_use]
pub fn read(title: &str, outline: &Outline<'_>, notes: &Notes) -> Graph {
    let states = outline.states().iter();
    let reader = Reader {
        outline,
        notes,
        recovery: Recovery::new(outline),
        by_name: states.map(|state| (state.name(), state.id)).collect(),
    };
    let whole = outline.scopes().first();
    Graph {
        title: title.to_owned(),
        machine: whole.map(|scope| reader.machine(scope)).unwrap_or_default(),
    }
}

struct Reader<'r, 't> {
    outline: &'r Outline<'t>,
    notes: &'r Notes,
    recovery: Recovery,
    by_name: BTreeMap<&'t str, StateId>,
}

impl<'t> Reader<'_, 't> {
    fn machine(&self, scope: &Scope<'t>) -> Machine {
        let parts = self.parts(scope);
        let order = self.order(scope, &parts);
        let place = |state: StateId| order.iter().position(|other| *other == state);
        let nodes = order.iter().map(|id| self.node(*id, &parts, &place));
        let start = scope.start.map(|start| self.shown(start, &parts));
        let mut machine = Machine {
            start: start.and_then(|shown| place(*shown.first()?)),
            nodes: nodes.collect(),
            edges: Vec::new(),
        };
        machine.edges = self.edges(&machine, &order, &parts);
        machine
    }

    fn node(
        &self,
        id: StateId,
        parts: &BTreeMap<StateId, Part>,
        place: &impl Fn(StateId) -> Option<usize>,
    ) -> Node {
        let state = self.outline.state(id);
        let lane = match parts.get(&id) {
            Some(Part::Undoes(step)) => place(*step).map_or(Lane::Backward, Lane::Beside),
            Some(Part::Backward) => Lane::Backward,
            _ => Lane::Forward,
        };
        let undoes = matches!(parts.get(&id), Some(Part::Undoes(_)));
        let mark = match self.notes.tasks.get(state.name()) {
            Some(Purpose::Does(mark)) => *mark,
            _ => undoes.then_some(Mark::Compensation),
        };
        let parked = parts.iter().filter(|(_, part)| **part == Part::Parked(id));
        let parked = parked.map(|(parked, _)| self.outline.state(*parked).name().to_owned());
        let inner = self.outline.inner_scopes(id);
        Node {
            name: state.name().to_owned(),
            shape: shape(state.kind),
            lane,
            mark,
            parked: parked.collect(),
            inner: inner.map(|scope| self.machine(scope)).collect(),
        }
    }
}

fn shape(kind: Option<StateType>) -> Shape {
    match kind {
        Some(StateType::Parallel) => Shape::Parallel,
        Some(StateType::Map) => Shape::Map,
        Some(StateType::Choice) => Shape::Choice,
        Some(StateType::Wait) => Shape::Wait,
        Some(StateType::Pass) => Shape::Pass,
        Some(StateType::Succeed) => Shape::Succeed,
        Some(StateType::Fail) => Shape::Fail,
        Some(StateType::Task) | None => Shape::Task,
    }
}
