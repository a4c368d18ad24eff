//! The shapes of inputs, and who puts what into them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::expression;
use super::propagate;
use super::shape::Shape;
use super::transfer;
use crate::outline::{Outline, Reach, ScopeId, State, StateId, reachable};
use crate::syntax::{Node, Syntax};

/// What the inputs of states look like.
#[derive(Debug)]
pub struct Payloads {
    inputs: Vec<Vec<Shape>>,
    productions: Vec<Production>,
    /// By machine and field, who puts something there.
    by_field: Vec<HashMap<String, Vec<usize>>>,
}

/// A state that puts its result, or a catcher that puts its error, into a field of the input.
#[derive(Debug)]
pub struct Production {
    /// The state.
    pub state: StateId,
    /// The field at the top of the payload.
    pub field: String,
    /// Whether it is the error that is put there.
    pub error: bool,
}

impl Payloads {
    /// Follows the payloads of a definition.
    #[must_use]
    pub fn new(outline: &Outline<'_>) -> Self {
        let productions: Vec<_> = outline.states().iter().flat_map(productions).collect();
        let mut by_field = vec![HashMap::<_, Vec<usize>>::new(); outline.scopes().len()];
        for (index, production) in productions.iter().enumerate() {
            let scope = outline.state(production.state).scope;
            let Some(fields) = by_field.get_mut(scope.index()) else {
                continue;
            };
            match fields.get_mut(&production.field) {
                Some(known) => known.push(index),
                None => {
                    fields.insert(production.field.clone(), vec![index]);
                }
            }
        }
        Self {
            inputs: propagate::inputs(outline),
            productions,
            by_field,
        }
    }

    /// The inputs that a state may get, after `InputPath`.
    #[must_use]
    pub fn effective_inputs(&self, state: &State<'_>) -> Cow<'_, [Shape]> {
        let inputs = self.inputs(state.id);
        if state.get("InputPath").is_none() {
            return Cow::Borrowed(inputs);
        }
        inputs
            .iter()
            .map(|input| transfer::effective_input(state, input))
            .collect()
    }

    /// The inputs that a state may get, as they come.
    #[must_use]
    pub fn inputs(&self, state: StateId) -> &[Shape] {
        self.inputs.get(state.index()).map_or(&[], Vec::as_slice)
    }

    /// Who puts something into that field of the payload, in the same machine.
    pub fn producers(&self, scope: ScopeId, field: &str) -> impl Iterator<Item = &Production> {
        let fields = self.by_field.get(scope.index());
        let indexes = fields.and_then(|fields| fields.get(field));
        let indexes = indexes.map_or(&[][..], Vec::as_slice);
        indexes
            .iter()
            .filter_map(|index| self.productions.get(*index))
    }

    /// The fields that somebody puts something into, in that machine, in alphabetical order.
    #[must_use]
    pub fn produced_fields(&self, scope: ScopeId) -> Vec<&str> {
        let of_scope = self.by_field.get(scope.index()).into_iter();
        let fields = of_scope.flat_map(HashMap::keys);
        let mut fields: Vec<_> = fields.map(String::as_str).collect();
        fields.sort_unstable();
        fields
    }

    /// The states that can run after somebody has put something into the field.
    #[must_use]
    pub fn behind(&self, outline: &Outline<'_>, scope: ScopeId, field: &str) -> Reach {
        let next = self
            .producers(scope, field)
            .flat_map(|by| outline.successors(by.state));
        reachable(outline, next.collect::<Vec<_>>(), |_| true)
    }
}

fn productions(state: &State<'_>) -> Vec<Production> {
    if state.is_jsonata() {
        return merges(state);
    }
    let result = state.get("ResultPath").map(|path| (path, false));
    let errors = state
        .catchers()
        .iter()
        .filter_map(|catcher| catcher.get("ResultPath"));
    let all = result.into_iter().chain(errors.map(|path| (path, true)));
    all.filter_map(|(path, error)| {
        let field = top_field(path)?;
        Some(Production {
            state: state.id,
            field,
            error,
        })
    })
    .collect()
}

/// What a state's outputs, or its catchers', merge into the input.
fn merges(state: &State<'_>) -> Vec<Production> {
    let output = state.get("Output").map(|output| (output, false));
    let errors = state.catchers().iter();
    let errors = errors.filter_map(|catcher| Some((catcher.get("Output")?, true)));
    let all = output.into_iter().chain(errors);
    let fields = all.flat_map(|(output, error)| {
        let text = output.as_str().unwrap_or_default();
        expression::merged_fields(text)
            .into_iter()
            .map(move |field| (field, error))
    });
    fields
        .map(|(field, error)| Production {
            state: state.id,
            field,
            error,
        })
        .collect()
}

/// The first name of a path into the input.
fn top_field(path: &Node<'_>) -> Option<String> {
    match &path.syntax {
        Syntax::String(text) => transfer::input_path(text)?
            .into_iter()
            .next()
            .map(Cow::into_owned),
        _ => None,
    }
}
