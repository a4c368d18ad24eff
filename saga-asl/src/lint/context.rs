//! What rules look at.

use std::cell::OnceCell;

use super::{Expression, Read};
use crate::flow::{Payloads, Variables};
use crate::model::ExecutionType;
use crate::outline::{Outline, StateId};
use crate::recovery::Recovery;
use crate::rules::data_flow::lookup::Absent;
use crate::rules::saga::failing_path::FailingPath;
use crate::schema::{self, Departure, Found, Slot};
use crate::syntax::{Member, Node, Span, SyntaxError};

/// A definition with everything that more than one rule asks of it.
#[derive(Debug)]
pub struct Context<'t> {
    /// The text that the definition is in.
    pub source: &'t str,
    /// Its machines, states and transitions.
    pub outline: Outline<'t>,
    /// How it departs from the schema.
    pub misfits: Vec<Misfit<'t>>,
    /// Its expressions, in the order of the states.
    pub expressions: Vec<Expression<'t>>,
    /// What was wrong with the text.
    pub syntax_errors: &'t [SyntaxError],
    /// The type of its executions, where that is known.
    pub execution_type: Option<ExecutionType>,
    /// How it is embedded in a template.
    pub embedding: Option<&'t Embedding>,
    pub(super) payloads: OnceCell<Payloads>,
    pub(super) variables: OnceCell<Variables<'t>>,
    pub(super) recovery: OnceCell<Recovery>,
    pub(crate) absent: OnceCell<Vec<Absent>>,
    pub(crate) failing_paths: OnceCell<Vec<FailingPath<'t>>>,
}

/// How a definition is embedded in a template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Embedding {
    /// The names of `DefinitionSubstitutions` and their places.
    pub substitutions: Vec<(String, Span)>,
    /// The `${…}` that are left for the substitutions, and their places.
    pub placeholders: Vec<(String, Span)>,
    /// The place of the resource's name.
    pub resource: Span,
    /// Whether the definition is in a file of its own, whose placeholders are not here.
    pub elsewhere: bool,
    /// What the resource itself says wrong: message, help, place.
    pub conflicts: Vec<(String, String, Span)>,
}

/// A departure from the schema and where it is.
#[derive(Debug)]
pub struct Misfit<'t> {
    /// How it departs.
    pub departure: Departure,
    /// The field concerned; none for an entry of a list or an absent field.
    pub member: Option<&'t Member<'t>>,
    /// The value; the whole object where a field is absent.
    pub node: &'t Node<'t>,
}

impl<'t> Context<'t> {
    /// Looks at a definition.
    #[must_use]
    pub fn new(source: &'t str, root: &'t Node<'t>) -> Self {
        let outline = Outline::new(root);
        let mut collector = Collector {
            misfits: Vec::new(),
            expressions: Vec::new(),
        };
        schema::walk(&outline, &mut collector);
        Self {
            source,
            outline,
            misfits: collector.misfits,
            expressions: collector.expressions,
            syntax_errors: &[],
            execution_type: None,
            embedding: None,
            payloads: OnceCell::new(),
            variables: OnceCell::new(),
            recovery: OnceCell::new(),
            absent: OnceCell::new(),
            failing_paths: OnceCell::new(),
        }
    }

    /// What the inputs of states look like.
    pub fn payloads(&self) -> &Payloads {
        self.payloads.get_or_init(|| Payloads::new(&self.outline))
    }

    /// Which variables are set when a state runs.
    pub fn variables(&self) -> &Variables<'t> {
        self.variables.get_or_init(|| Variables::new(&self.outline))
    }

    /// What it does to recover from failures, inferred.
    pub fn recovery(&self) -> &Recovery {
        self.recovery.get_or_init(|| Recovery::new(&self.outline))
    }

    /// The expressions of a state.
    pub fn expressions_of(&self, state: StateId) -> &[Expression<'t>] {
        let start = self
            .expressions
            .partition_point(|expression| expression.slot.state < state);
        let end = self
            .expressions
            .partition_point(|expression| expression.slot.state <= state);
        self.expressions.get(start..end).unwrap_or_default()
    }

    /// Everything a state's expressions read, with the expression that does.
    pub fn reads_of(&self, state: StateId) -> impl Iterator<Item = (&Expression<'t>, &Read)> {
        let expressions = self.expressions_of(state).iter();
        expressions.flat_map(|expression| {
            expression
                .reads(self.source)
                .iter()
                .map(move |read| (expression, read))
        })
    }
}

struct Collector<'t> {
    misfits: Vec<Misfit<'t>>,
    expressions: Vec<Expression<'t>>,
}

impl<'t> Found<'t> for Collector<'t> {
    fn departure(
        &mut self,
        departure: Departure,
        member: Option<&'t Member<'t>>,
        node: &'t Node<'t>,
    ) {
        self.misfits.push(Misfit {
            departure,
            member,
            node,
        });
    }

    fn slot(&mut self, slot: Slot<'t>) {
        self.expressions.push(Expression::new(slot));
    }
}
