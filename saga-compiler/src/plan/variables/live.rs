//! Which variables are read at each state, or later.

use std::collections::{BTreeMap, BTreeSet};

use saga_manifest::expr::Expr;
use saga_manifest::saga::Ending;

use super::{Variables, is_forgotten};
use crate::checked::reads::{awaited, reads, tested};
use crate::checked::variables::{Fact, Variable};
use crate::checked::{Call, Saga};
use crate::plan::{Given, Node, Parked, Plan, Role, Trigger};

/// The variables that a machine assigns itself.
pub(super) fn own<'s>(plan: &Plan<'s>) -> Variables<'s> {
    let exits = plan.nodes.values().flat_map(|node| &node.exits);
    let sets = exits.flat_map(|exit| &exit.sets);
    sets.map(|(variable, _)| *variable).collect()
}

/// Names of the states, each before those it leads to. A plan has no cycles.
pub(in crate::plan) fn topological(plan: &Plan<'_>) -> Vec<String> {
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

/// Variables by the name of a state.
type ByState<'s> = BTreeMap<String, Variables<'s>>;

/// What each state reads, and what is live there.
pub(super) fn live<'s>(
    plan: &Plan<'s>,
    order: &[String],
    saga: &'s Saga<'s>,
) -> (ByState<'s>, ByState<'s>) {
    let mut read = ByState::new();
    let mut live = ByState::new();
    for name in order.iter().rev() {
        let Some(node) = plan.nodes.get(name) else {
            continue;
        };
        let mut here = of_node(node, plan, saga);
        let mut variables = here.clone();
        for exit in &node.exits {
            let later = live.get(&exit.to).into_iter().flatten().copied();
            let is_set = |variable| exit.sets.iter().any(|(known, _)| *known == variable);
            variables.extend(
                later.filter(|variable| !is_set(*variable) && !is_forgotten(exit, *variable)),
            );
        }
        // It hands on all that is live, and no catcher before it has seen to it that there is something.
        if matches!(node.role, Role::Park(Parked::Held(_))) {
            here.extend(&variables);
        }
        read.insert(name.clone(), here);
        live.insert(name.clone(), variables);
    }
    (read, live)
}

/// What a state itself reads, and the machines inside it of the variables around them.
fn of_node<'s>(node: &Node<'s>, plan: &Plan<'s>, saga: &'s Saga<'s>) -> Variables<'s> {
    let reader = Reader { plan, saga };
    let mut variables = reader.role(&node.role);
    for exit in &node.exits {
        variables.extend(reader.trigger(&exit.trigger));
        for (_, given) in &exit.sets {
            variables.extend(reader.given(given));
        }
    }
    variables.extend(&node.handed_on);
    for inner in &node.inner {
        let own = own(inner);
        let read = inner
            .nodes
            .values()
            .flat_map(|node| of_node(node, inner, saga));
        variables.extend(read.filter(|variable| !own.contains(variable)));
    }
    variables
}

struct Reader<'a, 's> {
    plan: &'a Plan<'s>,
    saga: &'s Saga<'s>,
}

impl<'s> Reader<'_, 's> {
    fn role(&self, role: &Role<'s>) -> Variables<'s> {
        match role {
            Role::Do(step) | Role::Confirm(step) => self.call_of_machine(&step.call),
            Role::Seal(_) | Role::SealParked(_) => {
                self.saga.item_path(&self.plan.level).into_iter().collect()
            }
            Role::Undo(_, undo) => self.call_of_machine(undo),
            Role::Park(parked) => {
                let mut variables = self.parked(*parked);
                variables.insert(self.first_failure(*parked));
                variables
            }
            Role::Parked(parked) => self.parked(*parked),
            Role::NotifyParked(notification) | Role::Notify(notification) => {
                self.call_of_machine(&notification.call)
            }
            Role::Owed(notification) => {
                let mut variables = self.call(&notification.call);
                if notification.on == Ending::Compensated {
                    variables.insert(self.find(Fact::Failure));
                }
                variables
            }
            Role::Succeeded(Some(result)) => self.expressions([*result]),
            Role::Succeeded(None) => [self.find(Fact::Result)].into(),
            Role::Failed => [self.find(Fact::Failure)].into(),
            Role::Map(map) => self.expressions([&map.definition.items]),
            Role::ParkList(map) => {
                let mut variables = self.expressions([&map.definition.items]);
                variables.extend(self.saga.item_path(&self.plan.level));
                variables
            }
            Role::UndoMap(map) => {
                let mut variables = self.expressions([&map.definition.items]);
                variables.insert(self.find(Fact::Outcomes(&map.definition.name)));
                variables
            }
            Role::Wait(wait) => self.expressions([awaited(&wait.until)]),
            Role::Settled(settled) => {
                let mut variables = self.expressions(settled.value);
                variables.extend(settled.failure);
                variables
            }
            Role::Outcome
            | Role::NestedEnded
            | Role::NestedSettled
            | Role::ItemHeld
            | Role::Parallel(_)
            | Role::Fits
            | Role::Item
            | Role::Joined
            | Role::Choice(_)
            | Role::Keep
            | Role::Abort(_)
            | Role::Interval(_)
            | Role::Gate
            | Role::UndoItem
            | Role::ItemUndone => Variables::new(),
        }
    }

    fn trigger(&self, trigger: &Trigger<'s>) -> Variables<'s> {
        match trigger {
            Trigger::Success | Trigger::Errors(_) | Trigger::Otherwise => Variables::new(),
            Trigger::Retried(variable)
            | Trigger::Failed(variable)
            | Trigger::Taken(variable, _) => [*variable].into(),
            Trigger::Case(test) => self.expressions(tested(test)),
            Trigger::Undone(failure) => failure.iter().copied().collect(),
            Trigger::From(from) => from.told_by.into_iter().collect(),
            Trigger::DoesNotFit(map) => self.expressions([&map.items]),
        }
    }

    fn given(&self, given: &Given<'s>) -> Variables<'s> {
        match given {
            Given::Value(expr) => self.expressions([*expr]),
            Given::Abort(abort) => self.expressions([&abort.cause]),
            Given::Path(_, around) => around.iter().copied().collect(),
            _ => Variables::new(),
        }
    }

    /// A call that tells which item it is for, if it is for one.
    fn call_of_machine(&self, call: &'s Call<'s>) -> Variables<'s> {
        let mut variables = self.call(call);
        variables.extend(self.saga.item_path(&self.plan.level));
        variables
    }

    fn parked(&self, parked: Parked<'s>) -> Variables<'s> {
        self.call_of_machine(parked.call())
    }

    /// The failure that a parking message tells of: of an undo the first one, of a step its own.
    fn first_failure(&self, parked: Parked<'s>) -> Variable<'s> {
        match parked {
            Parked::Undo(..) | Parked::Held(_) => self.find(Fact::Failure),
            Parked::Do(_) => self.saga.variables.failure_at(&self.plan.level),
        }
    }

    fn call(&self, call: &'s Call<'s>) -> Variables<'s> {
        self.expressions(call.expressions())
    }

    fn expressions(&self, expressions: impl IntoIterator<Item = &'s Expr>) -> Variables<'s> {
        let reads = expressions.into_iter().flat_map(reads);
        reads.map(|read| self.find(read.fact)).collect()
    }

    fn find(&self, fact: Fact<'s>) -> Variable<'s> {
        self.saga.variables.find(fact, &self.plan.level)
    }
}
