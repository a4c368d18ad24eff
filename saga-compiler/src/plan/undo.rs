//! The undo of a saga of which nobody knows how far it came: what a recovery runs.

use std::collections::{BTreeMap, BTreeSet};

use saga_manifest::saga::Ending;

use super::chain::Chain;
use super::{Builder, Exit, Instance, Plan, Role, branch, naming, variables};
use crate::checked::flow::{Block, Node};
use crate::checked::region::Level;
use crate::checked::variables::Fact;
use crate::checked::{Kind, Saga, Step};
use crate::diagnostic::{Diagnostic, Report};
use crate::fence;

impl<'s> Plan<'s> {
    /// All that undoes a saga, the last step's undo first, and what is told of that. The first state, of this
    /// name, assumes that everything may have been done and that nothing is known of it.
    ///
    /// # Errors
    /// Names of states that clash or are too long.
    pub(crate) fn undo(saga: &'s Saga<'s>, start: &str) -> Result<Self, Vec<Diagnostic>> {
        let wanted = BTreeSet::new();
        let mut builder = Builder::new(saga, &wanted, Level::outermost(), true);
        let end = builder.first_notification(Ending::Compensated, builder.compensated());
        let chain = Chain::last();
        let first = builder.undo_block(&saga.body, &Instance::default(), &chain, end);
        builder.compensation_notes();
        let regions = &saga.variables.regions;
        let facts = regions.handed_on_from(builder.level.region());
        let facts: Vec<_> = facts.chain([Fact::Failure]).collect();
        let unknown = facts
            .into_iter()
            .map(|fact| (builder.variable(fact), branch::of_unknown(fact)));
        let exit = Exit::success(first).setting(unknown);
        let place = &saga.definition.place;
        builder.add(start.to_owned(), Role::Keep, place, vec![exit]);
        let mut plan = builder.finish(start.to_owned());
        let mut report = Report::default();
        naming::check(&plan, &mut report);
        variables::assign(&mut plan, saga);
        report.finish(plan)
    }
}

/// For each state that does something: the instance of the last fenced step that must be done before it comes
/// to that. Of what stands in a map's item, of the item's steps.
pub(crate) fn preceding(saga: &Saga<'_>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    walk(&saga.body, &Instance::default(), None, &mut found);
    found
}

fn walk(
    block: &Block<'_>,
    instance: &Instance,
    before: Option<String>,
    found: &mut BTreeMap<String, String>,
) {
    let mut before = before;
    for node in &block.nodes {
        if let Some(before) = &before {
            found.insert(naming::of(node.name(), instance), before.clone());
        }
        match node {
            Node::Step(step) if is_sealed(step) => before = Some(instance.of(step.name)),
            Node::Map(map) => walk(&map.item, instance, None, found),
            _ => {
                for (block, instance) in within(node, instance) {
                    walk(block, &instance, before.clone(), found);
                }
            }
        }
    }
}

/// For each state that does something: the instances of the fenced steps that are begun only once it is done. Of
/// what stands in a map's item, of the item's steps.
pub(crate) fn following(saga: &Saga<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    follow(
        &saga.body,
        &Instance::default(),
        &BTreeSet::new(),
        &mut found,
    );
    found
}

fn follow(
    block: &Block<'_>,
    instance: &Instance,
    after: &BTreeSet<String>,
    found: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let mut after = after.clone();
    for node in block.nodes.iter().rev() {
        found.insert(naming::of(node.name(), instance), after.clone());
        for (block, instance) in within(node, instance) {
            let after = match node {
                Node::Map(_) => &BTreeSet::new(),
                _ => &after,
            };
            follow(block, &instance, after, found);
        }
        fenced(node, instance, &mut after);
    }
}

/// The instances of the fenced steps of a node, without those in maps' items.
fn fenced(node: &Node<'_>, instance: &Instance, found: &mut BTreeSet<String>) {
    match node {
        Node::Step(step) if is_sealed(step) => {
            found.insert(instance.of(step.name));
        }
        Node::Map(_) => {}
        _ => {
            for (block, instance) in within(node, instance) {
                let nodes = block.nodes.iter();
                nodes.for_each(|node| fenced(node, &instance, found));
            }
        }
    }
}

/// The blocks in a node, each with the instance that its nodes have.
fn within<'b, 's>(node: &'b Node<'s>, instance: &Instance) -> Vec<(&'b Block<'s>, Instance)> {
    match node {
        Node::Savepoint(savepoint) => {
            let tries = 1..=savepoint.definition.tries;
            tries
                .map(|number| (&savepoint.block, instance.at_try(number)))
                .collect()
        }
        _ => {
            let blocks = node.blocks().into_iter();
            blocks.map(|block| (block, instance.clone())).collect()
        }
    }
}

/// Whether a recovery seals the step's fence.
fn is_sealed(step: &Step<'_>) -> bool {
    matches!(step.kind, Kind::Compensatable(_)) && fence::guards(&step.call)
}
