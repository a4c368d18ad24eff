//! The forward path: blocks, and how they end.

use saga_manifest::expr::Expr;
use saga_manifest::saga::Ending;

use super::chain::{self, Chain};
use super::recovery::{Holder, Recovery};
use super::{Builder, Exit, Given, Instance, Role, Settled, naming};
use crate::checked::flow::{Block, End, Node};
use crate::checked::variables::{Fact, Variable};

/// Where a block stands.
#[derive(Debug)]
pub(super) struct Surroundings<'a, 's> {
    /// Which copy of it this is.
    pub(super) instance: &'a Instance,
    /// Where undo happens of what fails in it.
    pub(super) recovery: &'a Recovery<'s>,
    /// The undo state that undo begins with where nothing of the block was done.
    pub(super) before: Option<String>,
    /// What the names of its last states begin with.
    pub(super) name: String,
    /// What comes after it, if it goes on.
    pub(super) after: After<'s>,
}

/// What comes after a block that goes on.
#[derive(Debug)]
pub(super) enum After<'s> {
    /// This state.
    State {
        next: String,
        /// The variable that its value is kept in, if somebody reads it.
        value: Option<Variable<'s>>,
        /// What else is kept then.
        keeps: Option<(Variable<'s>, Given<'s>)>,
    },
    /// The end of a branch or an item.
    Settle {
        holder: Holder<'s>,
        is_wanted: bool,
        is_undoable: bool,
    },
}

impl<'s> Builder<'s, '_> {
    /// Adds all states of a saga; gives the first one.
    pub(super) fn saga(&mut self) -> String {
        let saga = self.saga;
        let end = self.first_notification(Ending::Compensated, self.compensated());
        let recovery = Recovery::Here {
            chain: String::new(),
            end: end.clone(),
        };
        let instance = Instance::default();
        let name = saga.definition.name.clone();
        let after = After::State {
            next: self.first_completion(),
            value: None,
            keeps: None,
        };
        let start = self.block(
            &saga.body,
            Surroundings {
                instance: &instance,
                recovery: &recovery,
                before: None,
                name,
                after,
            },
        );
        self.completion();
        self.nodes.append(&mut self.last);
        self.undo_block(&saga.body, &instance, &Chain::last(), end);
        self.compensation_notes();
        start
    }

    /// Adds the states of a block; gives the first one.
    pub(super) fn block(
        &mut self,
        block: &'s Block<'s>,
        surroundings: Surroundings<'_, 's>,
    ) -> String {
        let Surroundings {
            instance,
            recovery,
            before,
            name,
            after,
        } = surroundings;
        let points = chain::points_before(block, instance, before);
        let point = |position: usize| points.get(position).and_then(Option::as_deref);
        let mark = self.nodes.len();
        let mut next = self.end(
            block,
            (instance, recovery),
            point(block.nodes.len()),
            &name,
            after,
        );
        let mut parts = vec![self.nodes.split_off(mark)];
        for (position, node) in block.nodes.iter().enumerate().rev() {
            let here = Here {
                instance,
                recovery,
                point: point(position),
                done: point(position + 1),
                next,
            };
            next = self.node(node, here);
            parts.push(self.nodes.split_off(mark));
        }
        self.nodes.extend(parts.into_iter().rev().flatten());
        next
    }

    fn node(&mut self, node: &'s Node<'s>, here: Here<'_, 's>) -> String {
        match node {
            Node::Step(step) => self.step(step, here),
            Node::Parallel(parallel) => self.parallel(parallel, here),
            Node::Choice(choice) => self.choice(choice, here),
            Node::Map(map) => self.map(map, here),
            Node::Wait(wait) => {
                let name = naming::of(&wait.name, here.instance);
                let exits = vec![Exit::success(here.next)];
                let role = Role::Wait(wait);
                self.add_copy(name.clone(), role, &wait.place, exits, here.instance);
                name
            }
            Node::Savepoint(savepoint) => self.savepoint(savepoint, here),
        }
    }

    /// Adds what a block ends with; gives the state that follows its last node.
    fn end(
        &mut self,
        block: &'s Block<'s>,
        (instance, recovery): (&Instance, &Recovery<'s>),
        point: Option<&str>,
        name: &str,
        after: After<'s>,
    ) -> String {
        match block.end {
            End::Continue(value) => self.go_on(value, point, name, after),
            End::Complete(_) if self.completes_once() => self.first_completion(),
            End::Complete(output) => {
                let result = self.variable(Fact::Result);
                let exit = Exit::success(self.first_completion());
                let exit = exit.setting([(result, Given::Value(output))]);
                let name = naming::completes(name);
                self.add(
                    name.clone(),
                    Role::Keep,
                    &self.saga.definition.place,
                    vec![exit],
                );
                name
            }
            End::Abort(abort) => {
                let failure = (self.of_failure(Fact::Failure), Given::Abort(abort));
                let exit = Exit::success(self.backward(recovery, point));
                let name = naming::of(&abort.name, instance);
                let exits = vec![exit.setting([failure])];
                self.add(name.clone(), Role::Abort(abort), &abort.place, exits);
                name
            }
        }
    }

    fn go_on(
        &mut self,
        value: &'s Expr,
        point: Option<&str>,
        name: &str,
        after: After<'s>,
    ) -> String {
        let name = naming::done(name);
        match after {
            After::State {
                next,
                value: None,
                keeps: None,
            } => next,
            After::State {
                next,
                value: kept,
                keeps,
            } => {
                let kept = kept.map(|variable| (variable, Given::Value(value)));
                let exit = Exit::success(next).setting(kept.into_iter().chain(keeps));
                self.add(
                    name.clone(),
                    Role::Keep,
                    &self.saga.definition.place,
                    vec![exit],
                );
                name
            }
            After::Settle {
                holder,
                is_wanted,
                is_undoable,
            } => {
                let settled = Settled {
                    undo_from: point.filter(|_| is_undoable).map(str::to_owned),
                    value: is_wanted.then_some(value),
                    failure: None,
                };
                self.add(
                    name.clone(),
                    Role::Settled(settled),
                    holder.place,
                    Vec::new(),
                );
                name
            }
        }
    }

    /// Whether there is one place where the saga is completed: its end.
    pub(super) fn completes_once(&self) -> bool {
        let blocks = self.saga.body.blocks().into_iter();
        let completions = blocks.filter(|block| matches!(block.end, End::Complete(_)));
        completions.count() == 1 && matches!(self.saga.body.end, End::Complete(_))
    }
}

/// Where a node stands.
#[derive(Debug)]
pub(super) struct Here<'a, 's> {
    /// Which copy of it this is.
    pub(super) instance: &'a Instance,
    /// Where undo happens of what fails there.
    pub(super) recovery: &'a Recovery<'s>,
    /// The undo state that undo begins with where the node itself did nothing.
    pub(super) point: Option<&'a str>,
    /// The same where it did something, or all of it.
    pub(super) done: Option<&'a str>,
    /// The state that follows it.
    pub(super) next: String,
}
