//! What undo needs to know that begins with a state: of the states of all chains that stand for one
//! beginning, whatever is live there.

use super::{Needed, live};
use crate::checked::Saga;
use crate::plan::{Plan, Trigger};

/// The facts by the name that each beginning has in the last chain.
pub(super) fn by_entry<'s>(plan: &Plan<'s>, saga: &'s Saga<'s>) -> Needed<'s> {
    let mut needed = Needed::new();
    collect(plan, saga, &mut needed);
    needed
}

fn collect<'s>(plan: &Plan<'s>, saga: &'s Saga<'s>, needed: &mut Needed<'s>) {
    let order = live::topological(plan);
    let (_, live) = live::live(plan, &order, saga);
    let exits = plan.nodes.values().flat_map(|node| &node.exits);
    for exit in exits {
        if let Trigger::From(from) = &exit.trigger {
            let variables = live.get(&exit.to).into_iter().flatten();
            let facts = variables.map(|variable| variable.fact);
            needed.entry(from.point.clone()).or_default().extend(facts);
        }
    }
    plan.inner().for_each(|inner| collect(inner, saga, needed));
}
