//! What each way out of a state assigns.
//!
//! Reading a variable that nothing assigned fails a state, also one that undoes. So for every state we
//! find which variables are *live*, that is read there or later before they are assigned, and which
//! are *assigned* on every way to it. Where a way leads to a state with a live variable that is not
//! assigned (the output of a step that did not happen), it assigns null: a failure at once, any other
//! way where it meets one that has assigned it, or where it is read. So a live variable is assigned
//! either on all ways to a state or on none, and null never takes the place of a value. And nothing is
//! assigned that is not live.
//!
//! A machine inside another one reads the other's variables and assigns its own. What a branch or an
//! item hands on is what is live where its undo begins, wherever that is.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assign, Exit, Given, Node, Plan, Role, Trigger};
use crate::checked::Saga;
use crate::checked::variables::{Fact, Variable};

mod live;
mod needed;

pub(super) use live::topological;

type Variables<'s> = BTreeSet<Variable<'s>>;

/// Finds the assignments of all ways out, and what is handed on.
pub(super) fn assign<'s>(plan: &mut Plan<'s>, saga: &'s Saga<'s>) {
    let needed = needed::by_entry(plan, saga);
    hand_on(plan, saga, &needed);
    machine(plan, saga, &Variables::new());
}

/// What the undo needs that begins with a state of this name.
type Needed<'s> = BTreeMap<String, BTreeSet<Fact<'s>>>;

/// Says what each branch or item hands on where it settles.
fn hand_on<'s>(plan: &mut Plan<'s>, saga: &'s Saga<'s>, needed: &Needed<'s>) {
    let level = plan.level.clone();
    // Not what only a part knows that nothing leads to.
    let own = live::own(plan);
    for node in plan.nodes.values_mut() {
        if let Role::Settled(settled) = &node.role {
            let from = settled.undo_from.as_ref();
            let facts = from.and_then(|from| needed.get(from));
            let known: BTreeSet<_> = {
                let regions = &saga.variables.regions;
                regions.handed_on_from(level.region()).collect()
            };
            let facts = facts.into_iter().flatten().copied();
            let facts = facts.filter(|fact| known.contains(fact) && !is_of_item(*fact));
            let variables = facts.map(|fact| saga.variables.find(fact, &level));
            node.handed_on = variables
                .filter(|variable| own.contains(variable))
                .collect();
        }
        for inner in &mut node.inner {
            hand_on(inner, saga, needed);
        }
    }
}

/// Whether an item's undo knows it from its place in the list.
fn is_of_item(fact: Fact<'_>) -> bool {
    matches!(fact, Fact::Item(_) | Fact::Index(_) | Fact::Path(_))
}

/// The assignments of a machine and those inside it. The machines around it assign the variables `around`.
fn machine<'s>(plan: &mut Plan<'s>, saga: &'s Saga<'s>, around: &Variables<'s>) {
    let order = live::topological(plan);
    let (read, live) = live::live(plan, &order, saga);
    // Also what nothing sets, since no way leads to the step that would: undo may read it all the same.
    let mut own = live::own(plan);
    own.extend(
        live.values()
            .flatten()
            .filter(|variable| !around.contains(variable)),
    );
    let possible = possible(plan, &order);
    let none = Variables::new();
    let mut assigned: BTreeMap<String, Variables<'s>> = BTreeMap::new();
    for name in &order {
        let before = assigned.get(name).cloned().unwrap_or_default();
        let Some(node) = plan.nodes.get_mut(name) else {
            continue;
        };
        let restores = matches!(node.role, Role::Parked(_));
        for exit in &mut node.exits {
            let wanted = live.get(&exit.to).unwrap_or(&none);
            let before = remembered(&before, exit);
            let needs = Needs {
                own: &own,
                wanted,
                at_once: read.get(&exit.to).unwrap_or(&none),
                elsewhere: possible.get(&exit.to).unwrap_or(&none),
                before: &before,
            };
            exit.assigns = needs.assignments(exit, restores);
            let after = exit.assigns.iter().map(|assign| assign.variable);
            let after: Variables<'s> = before.iter().copied().chain(after).collect();
            assigned
                .entry(exit.to.clone())
                .and_modify(|known| known.retain(|variable| after.contains(variable)))
                .or_insert(after);
        }
        node.live_after = live_after(node, &live);
        for inner in &mut node.inner {
            let around = around.union(&own).copied().collect();
            machine(inner, saga, &around);
        }
    }
}

fn live_after<'s>(node: &Node<'s>, live: &BTreeMap<String, Variables<'s>>) -> Vec<Variable<'s>> {
    let mut exits = node.exits.iter();
    let next = exits.find(|exit| exit.trigger == Trigger::Success);
    let after = next.and_then(|exit| live.get(&exit.to));
    after.into_iter().flatten().copied().collect()
}

/// What a way out must see to.
struct Needs<'a, 's> {
    /// The variables that this machine assigns.
    own: &'a Variables<'s>,
    /// What is live where it leads.
    wanted: &'a Variables<'s>,
    /// What is read there.
    at_once: &'a Variables<'s>,
    /// What may be assigned on some way there.
    elsewhere: &'a Variables<'s>,
    /// What is assigned before.
    before: &'a Variables<'s>,
}

impl<'s> Needs<'_, 's> {
    fn assignments(&self, exit: &Exit<'s>, restores: bool) -> Vec<Assign<'s>> {
        let failed = matches!(exit.trigger, Trigger::Errors(_));
        let wanted = self.wanted.intersection(self.own).copied();
        let assigns = wanted.filter_map(|variable| {
            let set = exit.sets.iter().find(|(known, _)| *known == variable);
            let is_missing = || !self.before.contains(&variable);
            let is_needed =
                || failed || self.at_once.contains(&variable) || self.elsewhere.contains(&variable);
            let given = match set {
                Some((_, given)) => given.clone(),
                None if restores => Given::Carried,
                None if is_missing() && is_needed() => Given::Null,
                None => return None,
            };
            Some(Assign { variable, given })
        });
        assigns.collect()
    }
}

/// What may be assigned at each state, on one way or another.
fn possible<'s>(plan: &Plan<'s>, order: &[String]) -> BTreeMap<String, Variables<'s>> {
    let mut possible: BTreeMap<String, Variables<'s>> = BTreeMap::new();
    for name in order {
        let before = possible.get(name).cloned().unwrap_or_default();
        let exits = plan
            .nodes
            .get(name)
            .into_iter()
            .flat_map(|node| &node.exits);
        for exit in exits {
            let mut after = remembered(&before, exit);
            after.extend(exit.sets.iter().map(|(variable, _)| *variable));
            possible.entry(exit.to.clone()).or_default().extend(after);
        }
    }
    possible
}

/// What is still known on a way out.
fn remembered<'s>(known: &Variables<'s>, exit: &Exit<'s>) -> Variables<'s> {
    let known = known.iter().copied();
    known
        .filter(|variable| !is_forgotten(exit, *variable))
        .collect()
}

fn is_forgotten<'s>(exit: &Exit<'s>, variable: Variable<'s>) -> bool {
    let node = variable.fact.node();
    node.is_some_and(|node| exit.forgets.contains(node))
}
