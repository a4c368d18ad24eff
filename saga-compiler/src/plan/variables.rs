//! What each way out of a state assigns.
//!
//! Reading a variable that nothing assigned fails a state, also one that undoes. So for every state we
//! find which variables are *live*, that is read there or later before they are assigned, and which
//! are *assigned* on every way to it. Where a failure leads to a state with a live variable that is
//! not assigned (the output of a step that did not happen), the way there assigns null. And nothing is
//! assigned that is not live.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assign, Exit, Node, Plan, Role, Trigger, Variable};
use crate::checked::reads::{OutputRead, outputs};
use crate::checked::{Call, Saga};
use saga_manifest::saga::Ending;

type Variables<'s> = BTreeSet<Variable<'s>>;

/// Finds the live variables of all states and the assignments of all ways out.
pub(super) fn assign<'s>(plan: &mut Plan<'s>, saga: &'s Saga<'s>) {
    let order = topological(plan);
    let live = live(plan, &order, saga);
    let mut assigned: BTreeMap<String, Variables<'s>> = BTreeMap::new();
    for name in &order {
        let before = assigned.get(name).cloned().unwrap_or_default();
        let Some(node) = plan.nodes.get_mut(name) else {
            continue;
        };
        let role = node.role;
        for exit in &mut node.exits {
            let wanted = live.get(&exit.to).cloned().unwrap_or_default();
            exit.assigns = assignments(role, exit, &wanted, &before);
            let after = before
                .iter()
                .copied()
                .chain(exit.assigns.iter().map(Assign::variable));
            let after: Variables<'s> = after.collect();
            assigned
                .entry(exit.to.clone())
                .and_modify(|known| known.retain(|variable| after.contains(variable)))
                .or_insert(after);
        }
        let next = node
            .exits
            .iter()
            .find(|exit| exit.trigger == Trigger::Success);
        let after = next.and_then(|exit| live.get(&exit.to));
        node.live_after = after.into_iter().flatten().copied().collect();
    }
}

/// What a way out assigns, when `wanted` is live where it leads and `before` is assigned.
fn assignments<'s>(
    role: Role<'s>,
    exit: &Exit<'s>,
    wanted: &Variables<'s>,
    before: &Variables<'s>,
) -> Vec<Assign<'s>> {
    let failed = matches!(exit.trigger, Trigger::Errors(_));
    let wanted = wanted.iter().copied();
    let assignments = wanted.filter_map(|variable| {
        if exit.sets.contains(&variable) {
            Some(Assign::Set(variable))
        } else if matches!(role, Role::Parked(_)) {
            Some(Assign::Restore(variable))
        } else if failed && !before.contains(&variable) {
            Some(Assign::Null(variable))
        } else {
            None
        }
    });
    assignments.collect()
}

/// The live variables of each state.
fn live<'s>(
    plan: &Plan<'s>,
    order: &[String],
    saga: &'s Saga<'s>,
) -> BTreeMap<String, Variables<'s>> {
    let mut live: BTreeMap<String, Variables<'s>> = BTreeMap::new();
    for name in order.iter().rev() {
        let Some(node) = plan.nodes.get(name) else {
            continue;
        };
        let mut variables = reads(node, saga);
        for exit in &node.exits {
            let later = live.get(&exit.to).into_iter().flatten();
            variables.extend(later.filter(|variable| !exit.sets.contains(variable)));
        }
        live.insert(name.clone(), variables);
    }
    live
}

/// What a state itself reads.
fn reads<'s>(node: &Node<'s>, saga: &'s Saga<'s>) -> Variables<'s> {
    match node.role {
        Role::Do(step) => of_call(&step.call),
        Role::Outcome => [Variable::Attempts].into(),
        Role::Undo(_, undo) => of_call(undo),
        Role::Park(parked) => {
            let mut variables = of_call(parked.call());
            variables.insert(Variable::Failure);
            variables
        }
        Role::Parked(parked) => of_call(parked.call()),
        Role::NotifyParked(notification) | Role::Notify(notification) => {
            of_call(&notification.call)
        }
        Role::Owed(notification) => {
            let mut variables = of_call(&notification.call);
            if notification.on == Ending::Compensated {
                variables.insert(Variable::Failure);
            }
            variables
        }
        Role::Succeeded => of_outputs(saga.result.map(outputs).unwrap_or_default()),
        Role::Failed => [Variable::Failure].into(),
    }
}

fn of_call<'s>(call: &'s Call<'s>) -> Variables<'s> {
    of_outputs(call.reads())
}

fn of_outputs<'s>(reads: Vec<OutputRead<'s>>) -> Variables<'s> {
    reads
        .into_iter()
        .map(|read| Variable::Output(read.step))
        .collect()
}

/// Names of the states, each before those it leads to. A plan has no cycles.
fn topological(plan: &Plan<'_>) -> Vec<String> {
    let mut order = Vec::new();
    visit(plan, &plan.start, &mut BTreeSet::new(), &mut order);
    order.reverse();
    order
}

fn visit(plan: &Plan<'_>, name: &str, seen: &mut BTreeSet<String>, order: &mut Vec<String>) {
    if seen.insert(name.to_owned()) {
        let exits = plan
            .nodes
            .get(name)
            .into_iter()
            .flat_map(|node| &node.exits);
        for exit in exits {
            visit(plan, &exit.to, seen, order);
        }
        order.push(name.to_owned());
    }
}

impl<'s> Assign<'s> {
    /// The variable that is assigned.
    pub(crate) fn variable(&self) -> Variable<'s> {
        match *self {
            Self::Set(variable) | Self::Null(variable) | Self::Restore(variable) => variable,
        }
    }
}
