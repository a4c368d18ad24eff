//! Hands shapes on along the transitions.

use super::shape::Shape;
use super::transfer;
use crate::outline::{Outline, Scope, StateId};

/// A state is followed with at most so many different inputs; with more, its input is unknown.
const MAX_INPUTS: usize = 6;

/// By state, the inputs it may get.
pub(super) fn inputs(outline: &Outline<'_>) -> Vec<Vec<Shape>> {
    let mut propagation = Propagation {
        outline,
        inputs: vec![Vec::new(); outline.states().len()],
    };
    for scope in outline.scopes() {
        propagation.scope(scope);
    }
    propagation.inputs
}

struct Propagation<'o, 't> {
    outline: &'o Outline<'t>,
    inputs: Vec<Vec<Shape>>,
}

impl Propagation<'_, '_> {
    /// Outer machines come first, so their states' inputs are known.
    fn scope(&mut self, scope: &Scope<'_>) {
        let Some(start) = scope.start else { return };
        let mut waiting = Vec::new();
        for input in self.start_inputs(scope) {
            self.add(start, input, &mut waiting);
        }
        while let Some((id, input)) = waiting.pop() {
            let state = self.outline.state(id);
            for edge in self.outline.edges_of(id) {
                if let Some(to) = edge.to {
                    self.add(to, transfer::output(state, edge, &input), &mut waiting);
                }
            }
        }
    }

    fn start_inputs(&self, scope: &Scope<'_>) -> Vec<Shape> {
        let Some(parent) = scope.parent else {
            return vec![Shape::input()];
        };
        let state = self.outline.state(parent);
        let outer = self
            .inputs
            .get(parent.index())
            .map_or(&[][..], Vec::as_slice);
        outer
            .iter()
            .map(|input| transfer::inner_input(state, input))
            .collect()
    }

    /// Adds an input to a state that it was not known to get. Of too many one stays: unknown.
    fn add(&mut self, to: StateId, input: Shape, waiting: &mut Vec<(StateId, Shape)>) {
        let Some(known) = self.inputs.get_mut(to.index()) else {
            return;
        };
        let settled =
            known.len() == 1 && known.contains(&Shape::Unknown) && input == Shape::Unknown;
        if settled || known.contains(&input) || known.len() > MAX_INPUTS {
            return;
        }
        let input = if known.len() == MAX_INPUTS {
            Shape::Unknown
        } else {
            input
        };
        known.push(input.clone());
        waiting.push((to, input));
    }
}
