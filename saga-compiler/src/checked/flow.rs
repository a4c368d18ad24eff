//! The forward path as the plan takes it: a tree of blocks.

use saga_manifest::expr::{Expr, Test};
use saga_manifest::flow;
use saga_manifest::place::Place;

use super::reads::{awaited, tested};
use super::{Kind, Step};

/// A sequence.
#[derive(Debug)]
pub(crate) struct Block<'m> {
    pub(crate) nodes: Vec<Node<'m>>,
    pub(crate) end: End<'m>,
}

/// How a block ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End<'m> {
    /// The saga goes on, with this value.
    Continue(&'m Expr),
    /// The saga is completed, with this output.
    Complete(&'m Expr),
    /// The saga is undone.
    Abort(&'m flow::Abort),
}

/// A part of a block.
#[derive(Debug)]
pub(crate) enum Node<'m> {
    Step(Box<Step<'m>>),
    Parallel(Parallel<'m>),
    Choice(Choice<'m>),
    Map(Map<'m>),
    Wait(&'m flow::Wait),
    Savepoint(Savepoint<'m>),
}

/// Branches at the same time.
#[derive(Debug)]
pub(crate) struct Parallel<'m> {
    pub(crate) definition: &'m flow::Parallel,
    pub(crate) branches: Vec<Block<'m>>,
    /// Whether it goes forward only.
    pub(crate) after_pivot: bool,
}

/// One of several ways.
#[derive(Debug)]
pub(crate) struct Choice<'m> {
    pub(crate) definition: &'m flow::Choice,
    /// The cases, and last what is done where none holds.
    pub(crate) cases: Vec<Case<'m>>,
}

/// A way.
#[derive(Debug)]
pub(crate) struct Case<'m> {
    /// When it is taken; the last has no condition.
    pub(crate) when: Option<&'m Test>,
    pub(crate) then: Block<'m>,
}

/// The same for each item of a list.
#[derive(Debug)]
pub(crate) struct Map<'m> {
    pub(crate) definition: &'m flow::Map,
    pub(crate) item: Block<'m>,
    /// Whether it goes forward only.
    pub(crate) after_pivot: bool,
}

/// A part that is tried again.
#[derive(Debug)]
pub(crate) struct Savepoint<'m> {
    pub(crate) definition: &'m flow::Savepoint,
    pub(crate) block: Block<'m>,
}

impl<'m> Block<'m> {
    /// All steps, those of nested blocks among them, in the author's order.
    pub(crate) fn steps(&self) -> Vec<&Step<'m>> {
        let nodes = self.nodes.iter();
        let steps = nodes.flat_map(|node| match node {
            Node::Step(step) => vec![&**step],
            _ => node.blocks().into_iter().flat_map(Self::steps).collect(),
        });
        steps.collect()
    }

    /// All blocks, itself first.
    pub(crate) fn blocks(&self) -> Vec<&Self> {
        let inner = self.nodes.iter().flat_map(Node::blocks);
        std::iter::once(self)
            .chain(inner.flat_map(Self::blocks))
            .collect()
    }

    /// The expressions of its blocks and of what they are made of, but for those of steps.
    pub(crate) fn expressions(&self) -> Vec<&'m Expr> {
        let mut found = Vec::new();
        for block in self.blocks() {
            for node in &block.nodes {
                match node {
                    Node::Choice(choice) => {
                        let tests = choice.cases.iter().filter_map(|case| case.when);
                        found.extend(tests.flat_map(tested));
                    }
                    Node::Map(map) => found.push(&map.definition.items),
                    Node::Wait(wait) => found.push(awaited(&wait.until)),
                    Node::Step(_) | Node::Parallel(_) | Node::Savepoint(_) => {}
                }
            }
            found.push(match block.end {
                End::Continue(expr) | End::Complete(expr) => expr,
                End::Abort(abort) => &abort.cause,
            });
        }
        found
    }

    /// Whether something in it has a compensation.
    pub(crate) fn is_undoable(&self) -> bool {
        self.nodes.iter().any(Node::is_undoable)
    }
}

impl<'m> Node<'m> {
    /// Its name.
    pub(crate) fn name(&self) -> &'m str {
        match self {
            Self::Step(step) => step.name,
            Self::Parallel(parallel) => &parallel.definition.name,
            Self::Choice(choice) => &choice.definition.name,
            Self::Map(map) => &map.definition.name,
            Self::Wait(wait) => &wait.name,
            Self::Savepoint(savepoint) => &savepoint.definition.name,
        }
    }

    /// Where it is written.
    pub(crate) fn place(&self) -> &'m Place {
        match self {
            Self::Step(step) => step.place,
            Self::Parallel(parallel) => &parallel.definition.place,
            Self::Choice(choice) => &choice.definition.place,
            Self::Map(map) => &map.definition.place,
            Self::Wait(wait) => &wait.place,
            Self::Savepoint(savepoint) => &savepoint.definition.place,
        }
    }

    /// The blocks inside it.
    pub(crate) fn blocks(&self) -> Vec<&Block<'m>> {
        match self {
            Self::Step(_) | Self::Wait(_) => Vec::new(),
            Self::Parallel(parallel) => parallel.branches.iter().collect(),
            Self::Choice(choice) => choice.cases.iter().map(|case| &case.then).collect(),
            Self::Map(map) => vec![&map.item],
            Self::Savepoint(savepoint) => vec![&savepoint.block],
        }
    }

    /// Whether something in it has a compensation.
    pub(crate) fn is_undoable(&self) -> bool {
        match self {
            Self::Step(step) => matches!(step.kind, Kind::Compensatable(_)),
            _ => self.blocks().into_iter().any(Block::is_undoable),
        }
    }
}
