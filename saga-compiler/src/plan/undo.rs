//! The undo of a saga of which nobody knows how far it came: what a recovery runs.

use std::collections::{BTreeMap, BTreeSet};

use saga_manifest::saga::Ending;

use super::chain::Chain;
use super::{Builder, Exit, Instance, Plan, Role, branch, naming, variables};
use crate::checked::flow::{Block, Node};
use crate::checked::region::Level;
use crate::checked::variables::Fact;
use crate::checked::{Kind, Saga};
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
            Node::Step(step) => {
                if matches!(step.kind, Kind::Compensatable(_)) && fence::guards(&step.call) {
                    before = Some(instance.of(step.name));
                }
            }
            Node::Map(map) => walk(&map.item, instance, None, found),
            Node::Savepoint(savepoint) => {
                for number in 1..=savepoint.definition.tries {
                    let instance = instance.at_try(number);
                    walk(&savepoint.block, &instance, before.clone(), found);
                }
            }
            Node::Parallel(_) | Node::Choice(_) => {
                for block in node.blocks() {
                    walk(block, instance, before.clone(), found);
                }
            }
            Node::Wait(_) => {}
        }
    }
}
