//! The definition of one saga, while it is recorded: a stack of blocks.

use std::any::TypeId;
use std::panic::Location;

use saga_manifest::expr::Test;
use saga_manifest::flow::{Block, Case, End, Node};
use saga_manifest::saga::Notification;

use super::Recorder;

/// What is recorded of the saga that is being defined.
#[derive(Default)]
pub(crate) struct Definition {
    /// The nodes of the block that is open.
    nodes: Vec<Node>,
    /// Those of the blocks around it.
    around: Vec<Vec<Node>>,
    /// What is sent at the saga's end.
    notifications: Vec<Notification>,
    /// The type of the saga's output.
    output: Option<TypeId>,
}

impl Definition {
    /// Nothing yet, of a saga that answers an `O`.
    pub(crate) fn answering<O: 'static>() -> Self {
        Self {
            output: Some(TypeId::of::<O>()),
            ..Self::default()
        }
    }

    /// All of it.
    pub(crate) fn finish(self, end: End) -> (Block, Vec<Notification>) {
        let body = Block {
            nodes: self.nodes,
            end,
        };
        (body, self.notifications)
    }
}

impl Recorder {
    /// Records a node in the block that is open.
    pub(crate) fn push(&mut self, node: Node) {
        self.definition.nodes.push(node);
    }

    /// Opens a block within the one that is open.
    pub(crate) fn open(&mut self) {
        let nodes = std::mem::take(&mut self.definition.nodes);
        self.definition.around.push(nodes);
    }

    /// Closes the block that is open.
    pub(crate) fn close(&mut self, end: End) -> Block {
        self.check_nodes();
        let around = self.definition.around.pop().unwrap_or_default();
        let nodes = std::mem::replace(&mut self.definition.nodes, around);
        Block { nodes, end }
    }

    /// Whether the block that is open is a part of another.
    pub(crate) fn is_within(&self) -> bool {
        !self.definition.around.is_empty()
    }

    /// Adds a branch to the parallel that was recorded last.
    pub(crate) fn add_branch(&mut self, branch: Block) {
        if let Some(Node::Parallel(parallel)) = self.definition.nodes.last_mut() {
            parallel.branches.push(branch);
        }
    }

    /// Adds a case to the choice that was recorded last.
    pub(crate) fn add_case(&mut self, when: Test, then: Block) {
        if let Some(Node::Choice(choice)) = self.definition.nodes.last_mut() {
            choice.cases.push(Case { when, then });
        }
    }

    /// Says what the choice that was recorded last does where no case holds.
    pub(crate) fn set_otherwise(&mut self, otherwise: Block) {
        if let Some(Node::Choice(choice)) = self.definition.nodes.last_mut() {
            choice.otherwise = otherwise;
        }
    }

    /// Records what is sent at the saga's end.
    pub(crate) fn notification(&mut self, notification: Notification) {
        self.definition.notifications.push(notification);
    }

    /// Checks an early completion: rustc knows the type of a saga's output only at the end of `define`.
    pub(crate) fn completes_with<O: 'static>(&mut self, at: &Location<'_>) {
        if self.definition.output != Some(TypeId::of::<O>()) {
            self.problem(
                "this completes the saga with a value of another type than its output",
                "complete it with the saga's `type Output`, as `define` answers",
                at,
            );
        }
    }

    /// A parallel may have been left before its second branch was stated, or a choice before its first
    /// case.
    pub(crate) fn check_nodes(&mut self) {
        for node in &self.definition.nodes {
            let (message, help) = match node {
                Node::Parallel(parallel) if parallel.branches.len() < 2 => (
                    format!(
                        "the parallel `{}` has fewer than two branches",
                        parallel.name
                    ),
                    "add `.branch(|saga| …)`; what runs on its own needs no parallel",
                ),
                Node::Choice(choice) if choice.cases.is_empty() => (
                    format!("the choice `{}` has no case", choice.name),
                    "add `.case(condition, |saga| …)` before `.otherwise(|saga| …)`",
                ),
                _ => continue,
            };
            self.problems.push(saga_manifest::Problem {
                message,
                help: help.into(),
                place: node.place().clone(),
            });
        }
    }
}
