//! Names of the states that the compiler adds, and whether they clash with the author's.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use saga_manifest::place::Place;

use super::{Instance, Node, Parked, Plan, Role};
use crate::checked::{Kind, Step, limit};
use crate::diagnostic::{Diagnostic, Report};
use crate::fence;

/// The state of an author's node.
pub(super) fn of(node: &str, instance: &Instance) -> String {
    format!("{node}{}", instance.suffix())
}

/// The state that undoes a step or a map, as the last chain has it.
pub(super) fn undo(node: &str, instance: &Instance) -> String {
    format!("Undo{}", of(node, instance))
}

/// The state that seals a step's fence before it is undone, as the last chain has it.
pub(super) fn seal(step: &str, instance: &Instance) -> String {
    format!("Seal{}", of(step, instance))
}

/// The state that seals it before the parked undo.
pub(super) fn seal_parked(step: &str, instance: &Instance) -> String {
    format!(
        "{}Parked",
        in_chain(&seal(step, instance), instance.chain())
    )
}

/// The state that the undo of a step begins with, as the last chain has it.
pub(super) fn point(step: &Step<'_>, instance: &Instance) -> String {
    match &step.kind {
        Kind::Compensatable(undo) if fence::is_sealed_before(&step.call, undo) => {
            seal(step.name, instance)
        }
        _ => undo(step.name, instance),
    }
}

/// A state of the last chain in another one.
pub(super) fn in_chain(point: &str, ending: &str) -> String {
    format!("{point}{ending}")
}

/// What the names of a chain end with that makes room for this try.
pub(super) fn chain(later: &Instance) -> String {
    format!("For{}", later.suffix())
}

/// The question what became of a step, a parallel or a map.
pub(super) fn outcome(node: &str, instance: &Instance) -> String {
    format!("{}Outcome", of(node, instance))
}

/// The state that sends the parking message of a step.
pub(super) fn park(step: &str, instance: &Instance) -> String {
    format!("Park{}{}", of(step, instance), instance.chain())
}

/// The state that sends the parking message of a step that runs another saga.
pub(super) fn hold(step: &str, instance: &Instance) -> String {
    in_chain(&format!("Hold{}", of(step, instance)), instance.chain())
}

/// Such a step, where its notifications are told from those of its undo.
pub(super) fn held(step: &str) -> String {
    format!("{step}Held")
}

/// The state that asks what became of a parked saga.
pub(super) fn settled(step: &str, instance: &Instance) -> String {
    in_chain(&format!("{}Settled", of(step, instance)), instance.chain())
}

/// The state that tells of a notification that is owed.
pub(super) fn owed(notification: &str) -> String {
    format!("Park{notification}")
}

/// The state that makes a step's change of a number final.
pub(super) fn confirm(step: &str) -> String {
    format!("Confirm{step}")
}

pub(super) fn succeeded(saga: &str) -> String {
    format!("{saga}Succeeded")
}

pub(super) fn failed(saga: &str) -> String {
    format!("{saga}Failed")
}

/// A notification that a step is parked: a state for each step, since each goes on elsewhere.
pub(super) fn notify_parked(notification: &str, step: &str, instance: &Instance) -> String {
    format!(
        "{notification}For{}{}",
        of(step, instance),
        instance.chain()
    )
}

/// A branch of a parallel.
pub(super) fn branch(parallel: &str, branch: usize, instance: &Instance) -> String {
    format!("{}Branch{}", of(parallel, instance), branch + 1)
}

/// The gate before the undo of a branch.
pub(super) fn branch_gate(parallel: &str, position: usize, instance: &Instance) -> String {
    format!("Undo{}", branch(parallel, position, instance))
}

/// A case of a choice.
pub(super) fn case(choice: &str, case: usize, instance: &Instance) -> String {
    format!("{}Case{}", of(choice, instance), case + 1)
}

/// The gate before the undo of a case.
pub(super) fn case_gate(choice: &str, position: usize, instance: &Instance) -> String {
    format!("Undo{}", case(choice, position, instance))
}

/// The item of a map.
pub(super) fn item(map: &str, instance: &Instance) -> String {
    item_of(&of(map, instance))
}

/// The first state of an item's machine.
pub(super) fn item_of(map_state: &str) -> String {
    format!("{map_state}Item")
}

/// The last state of an item's undo.
pub(super) fn item_undone(undo_state: &str) -> String {
    format!("{undo_state}ItemDone")
}

/// The question whether a list fits.
pub(super) fn fits(map: &str, instance: &Instance) -> String {
    format!("{}Fits", of(map, instance))
}

/// Where a branch or an item of that name settles that failed: its undo begins with `point`.
pub(super) fn settle(holder: &str, point: Option<&str>) -> String {
    match point {
        Some(point) => {
            let prefixes = ["Undo", "Seal"].into_iter();
            let mut parts = prefixes.filter_map(|prefix| point.strip_prefix(prefix));
            format!("Settle{}", parts.next().unwrap_or(point))
        }
        None => format!("{holder}Failed"),
    }
}

/// Where a block of that name ends that goes on.
pub(super) fn done(block: &str) -> String {
    format!("{block}Done")
}

/// Where a block of that name completes the saga.
pub(super) fn completes(block: &str) -> String {
    format!("{block}Completes")
}

/// The pause before a later try of a savepoint.
pub(super) fn interval(savepoint: &str, instance: &Instance) -> String {
    format!("{}Wait", of(savepoint, instance))
}

impl Parked<'_> {
    /// The parked state.
    pub(crate) fn state(&self, instance: &Instance) -> String {
        match self {
            Self::Held(step) => {
                let first = in_chain(&of(step.name, instance), instance.chain());
                format!("{first}Parked")
            }
            Self::Undo(..) | Self::Do(_) => format!("{}Parked", self.first_try(instance)),
        }
    }

    /// The state that ran out of retries.
    pub(crate) fn first_try(&self, instance: &Instance) -> String {
        match self {
            Self::Undo(step, _) => in_chain(&undo(step.name, instance), instance.chain()),
            Self::Do(step) | Self::Held(step) => of(step.name, instance),
        }
    }
}

impl Node<'_> {
    /// The state of the author's node that this one is about.
    pub(crate) fn state_of(&self, node: &str) -> String {
        of(node, &self.instance)
    }

    /// The effect of an undo: the same in every chain.
    pub(crate) fn effect_of_undo(&self, step: &Step<'_>) -> String {
        undo(step.name, &self.instance)
    }
}

/// Two states of one name: the name, and where each comes from.
pub(super) type Clash<'s> = (String, &'s Place, &'s Place);

/// The states by name, and names that stand for two.
pub(super) fn distinct<'s>(
    nodes: Vec<(String, Node<'s>)>,
) -> (IndexMap<String, Node<'s>>, Vec<Clash<'s>>) {
    let mut states: IndexMap<String, Node<'s>> = IndexMap::new();
    let mut clashes = Vec::new();
    for (name, node) in nodes {
        let place = node.place;
        if let Some(other) = states.get(&name) {
            clashes.push((name, place, other.place));
        } else {
            states.insert(name, node);
        }
    }
    (states, clashes)
}

/// Notes names that stand for two states of a saga, and names that AWS refuses.
pub(super) fn check(plan: &Plan<'_>, report: &mut Report) {
    let mut checker = Checker {
        first: BTreeMap::new(),
        report,
    };
    checker.machine(plan);
}

struct Checker<'p, 'r> {
    first: BTreeMap<&'p str, &'p Place>,
    report: &'r mut Report,
}

impl<'p> Checker<'p, '_> {
    fn machine(&mut self, plan: &'p Plan<'_>) {
        for (name, node) in &plan.nodes {
            if let Some(other) = self.first.insert(name, node.place) {
                self.clash(name, node.place, other);
            }
            self.name(name, node.place);
            if let Role::Parked(parked) = &node.role
                && parked.runs_saga().is_some()
            {
                // The longest of the states inside.
                self.name(&format!("{name}:Again"), node.place);
            }
        }
        for (name, one, other) in &plan.clashes {
            self.clash(name, one, other);
        }
        plan.inner().for_each(|inner| self.machine(inner));
    }

    fn clash(&mut self, name: &str, one: &Place, other: &Place) {
        let message = format!("two states would be called `{name}`");
        let help = "rename a step with `.named(\"…\")`: the names `Undo…`, `Seal…`, `Park…`, `Hold…`, `Settle…`, \
                    `…Outcome`, `…Parked`, `…Try2`, `…Branch1`, `…Case1`, `…Item`, `…Done` and the \
                    like are made from those of steps, blocks and saga";
        let mistake = Diagnostic::new(message, help);
        self.report.push(
            mistake
                .at(one, "one comes from here")
                .at(other, "the other from here"),
        );
    }

    fn name(&mut self, name: &str, place: &Place) {
        let length = name.chars().count();
        if length > limit::STATE_NAME {
            let message = format!("the state `{name}` would have a name of {length} characters");
            let help = format!(
                "shorten the step's name with `.named(\"…\")`: AWS takes {}",
                limit::STATE_NAME
            );
            self.report
                .push(Diagnostic::new(message, help).at(place, "it comes from here"));
        }
        if name.is_empty() {
            let mistake = Diagnostic::new("a step has an empty name", "name it");
            self.report.push(mistake.at(place, "here"));
        }
    }
}
