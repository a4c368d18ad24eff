//! A chain of undo: the states that undo a block, the last step's first.
//!
//! One chain undoes the saga as a whole. A savepoint's try that another one may follow has a chain of
//! its own, which leads to that try. In a chain everything is flat: the branches of a parallel are
//! undone one after the other, the last one first, and so are the cases of a choice of which one was
//! taken, each behind a *gate* that knows whether there is anything to undo and where it begins.

use super::nested::may_be_undone;
use super::recovery::Recovery;
use super::{Builder, Exit, Instance, Parked, Role, Trigger, UndoFrom, naming};
use crate::checked::dynamodb::CONDITION_FAILED;
use crate::checked::flow::{Block, Choice, Node, Parallel, Savepoint};
use crate::checked::variables::{Fact, Variable};
use crate::checked::{Call, Kind, Step};
use crate::fence::{self, Cover};

/// Why an undo whose condition fails is done.
const NOTHING_TO_UNDO: &str = "The item is another saga's: there is nothing of this one to undo.";

/// A chain in the making.
#[derive(Clone, Debug)]
pub(super) struct Chain<'s> {
    /// What the names of its states end with.
    pub(super) ending: String,
    /// What becomes of an undo that ran out of retries.
    pub(super) exhausted: Exhausted<'s>,
    /// Whether what is undone was done in a branch or an item of a machine of its own.
    pub(super) of_settled: bool,
}

/// What becomes of an undo that ran out of retries.
#[derive(Clone, Debug)]
pub(super) enum Exhausted<'s> {
    /// It waits for an operator.
    Park,
    /// Undo begins anew in the chain around this one, with this state or the same: a state that waits
    /// for an operator would end the branches beside this one.
    GiveUp {
        recovery: Recovery<'s>,
        from: Option<String>,
    },
    /// The state around the machine fails.
    Raise,
}

impl<'s> Chain<'s> {
    /// The chain that undoes the saga as a whole.
    pub(super) fn last() -> Self {
        Self {
            ending: String::new(),
            exhausted: Exhausted::Park,
            of_settled: false,
        }
    }

    /// The same chain inside a part that begins anew as a whole.
    fn within(&self, part: &str) -> Self {
        let mut chain = self.clone();
        if let Exhausted::GiveUp { from, .. } = &mut chain.exhausted {
            from.get_or_insert_with(|| part.to_owned());
        }
        chain
    }
}

/// The undo state that undo begins with before each node of a block, and after the last.
pub(super) fn points_before(
    block: &Block<'_>,
    instance: &Instance,
    before: Option<String>,
) -> Vec<Option<String>> {
    let mut points = vec![before];
    for node in &block.nodes {
        let point = point_after(node, instance);
        points.push(point.or_else(|| points.last().cloned().flatten()));
    }
    points
}

/// The undo state that undo begins with when a node is done, as it is called in the last chain.
pub(super) fn point_after(node: &Node<'_>, instance: &Instance) -> Option<String> {
    let name = node.name();
    let last = |blocks: Vec<&Block<'_>>| blocks.iter().rposition(|block| block.is_undoable());
    match node {
        _ if !node.is_undoable() => None,
        Node::Wait(_) => None,
        Node::Step(step) => Some(naming::point(step, instance)),
        Node::Map(_) => Some(naming::undo(name, instance)),
        Node::Parallel(_) => {
            let branch = last(node.blocks())?;
            Some(naming::branch_gate(name, branch, instance))
        }
        Node::Choice(_) => {
            let case = last(node.blocks())?;
            Some(naming::case_gate(name, case, instance))
        }
        Node::Savepoint(savepoint) => {
            let last = instance.at_try(savepoint.definition.tries);
            Some(naming::undo(name, &last))
        }
    }
}

/// All undo states that undo may begin with when a block fails, the last one first.
pub(super) fn points_in(block: &Block<'_>, instance: &Instance) -> Vec<String> {
    let mut points = Vec::new();
    for node in block.nodes.iter().rev() {
        points.extend(point_after(node, instance));
        match node {
            Node::Choice(choice) => {
                let cases = choice.cases.iter().rev();
                points.extend(cases.flat_map(|case| points_in(&case.then, instance)));
            }
            Node::Savepoint(savepoint) => {
                // The last try's own; of an earlier one where it could not be undone in its place.
                for number in (1..=savepoint.definition.tries).rev() {
                    points.extend(points_in(&savepoint.block, &instance.at_try(number)));
                }
            }
            Node::Step(step) if may_be_undone(step) && node.is_undoable() => {
                points.push(naming::hold(step.name, instance));
            }
            // What fails in a branch or an item settles there.
            Node::Step(_) | Node::Parallel(_) | Node::Map(_) | Node::Wait(_) => {}
        }
    }
    points
}

impl<'s> Builder<'s, '_> {
    /// Adds what undoes a block in a chain, before which comes `end`; gives the first state.
    pub(super) fn undo_block(
        &mut self,
        block: &'s Block<'s>,
        instance: &Instance,
        chain: &Chain<'s>,
        end: String,
    ) -> String {
        let points = points_before(block, instance, None);
        let entry = |point: Option<&Option<String>>| match point.and_then(Option::as_deref) {
            Some(point) => naming::in_chain(point, &chain.ending),
            None => end.clone(),
        };
        for (node, point) in block.nodes.iter().zip(&points).rev() {
            if node.is_undoable() {
                self.undo_node(node, instance, chain, entry(Some(point)));
            }
        }
        entry(points.last())
    }

    fn undo_node(
        &mut self,
        node: &'s Node<'s>,
        instance: &Instance,
        chain: &Chain<'s>,
        next: String,
    ) {
        match node {
            Node::Step(step) => {
                if let Kind::Compensatable(undo) = &step.kind {
                    self.compensation(step, undo, instance, chain, &next);
                }
            }
            Node::Parallel(parallel) => self.undo_branches(node, parallel, instance, chain, next),
            Node::Choice(choice) => self.undo_cases(choice, instance, chain, next),
            Node::Map(map) => self.undo_map(map, instance, chain, &next),
            Node::Savepoint(savepoint) => self.undo_tries(savepoint, instance, chain, next),
            Node::Wait(_) => {}
        }
    }

    fn compensation(
        &mut self,
        step: &'s Step<'s>,
        undo: &'s Call<'s>,
        instance: &Instance,
        chain: &Chain<'s>,
        next: &str,
    ) {
        let cover = fence::cover(&step.call, undo);
        let nothing = cover.is_some_and(Cover::may_find_nothing);
        let settled = || {
            let mut exits = vec![Exit::success(next)];
            if nothing {
                let exit = Exit::new(Trigger::Errors(vec![CONDITION_FAILED]), next);
                exits.push(Exit {
                    about: Some(NOTHING_TO_UNDO),
                    ..exit
                });
            }
            exits
        };
        let copy = instance;
        let instance = instance.in_chain(&chain.ending);
        let undoes = naming::undo(step.name, &instance);
        let exhausted = match &chain.exhausted {
            Exhausted::Park => Some(naming::park(step.name, &instance)),
            Exhausted::GiveUp { recovery, from } => {
                let point = naming::point(step, &instance);
                let from = from.as_deref().unwrap_or(&point);
                Some(self.backward(recovery, Some(from)))
            }
            Exhausted::Raise => None,
        };
        let gives_up = || exhausted.iter().flat_map(|to| Exit::any_error(to));
        let name = naming::in_chain(&undoes, &chain.ending);
        if chain.of_settled && may_be_undone(step) {
            self.hold(step, copy, chain, (&name, next));
        }
        if fence::is_sealed_before(&step.call, undo) {
            let seal = naming::seal(step.name, &instance);
            let seal = naming::in_chain(&seal, &chain.ending);
            let exits = std::iter::once(Exit::success(&*name)).chain(gives_up());
            self.add_copy(
                seal,
                Role::Seal(step),
                step.place,
                exits.collect(),
                &instance,
            );
        }
        let exits = settled().into_iter().chain(gives_up()).collect();
        self.add_copy(name, Role::Undo(step, undo), step.place, exits, &instance);
        if matches!(chain.exhausted, Exhausted::Park) {
            self.park(Parked::Undo(step, undo), &instance, settled());
        }
    }

    /// Branches have settled, each where it came to.
    fn undo_branches(
        &mut self,
        node: &'s Node<'s>,
        parallel: &'s Parallel<'s>,
        instance: &Instance,
        chain: &Chain<'s>,
        next: String,
    ) {
        let definition = parallel.definition;
        let mut chain = match point_after(node, instance) {
            Some(whole) => chain.within(&whole),
            None => chain.clone(),
        };
        chain.of_settled = true;
        let mut parts = Vec::new();
        let mut next = next;
        let mark = self.nodes.len();
        for (branch, block) in parallel.branches.iter().enumerate() {
            if !block.is_undoable() {
                continue;
            }
            let variable = self.variable(Fact::UndoFrom(&definition.name, branch));
            let gate = naming::branch_gate(&definition.name, branch, instance);
            let gate = naming::in_chain(&gate, &chain.ending);
            let mut exits = entries(block, Some(variable), instance, &chain);
            exits.push(Exit::otherwise(&next));
            self.add(gate.clone(), Role::Gate, &definition.place, exits);
            self.undo_block(block, instance, &chain, next);
            parts.push(self.nodes.split_off(mark));
            next = gate;
        }
        self.nodes.extend(parts.into_iter().rev().flatten());
    }

    /// One of the cases was taken; where nobody can tell which, all of them are undone.
    fn undo_cases(
        &mut self,
        choice: &'s Choice<'s>,
        instance: &Instance,
        chain: &Chain<'s>,
        next: String,
    ) {
        let definition = choice.definition;
        let taken = self.variable(Fact::Taken(&definition.name));
        let gates = choice.cases.iter().enumerate().map(|(case, way)| {
            let gate = naming::case_gate(&definition.name, case, instance);
            (number(case), gate, instance.clone(), &way.then)
        });
        let gates = gates.filter(|(.., block)| block.is_undoable()).collect();
        self.undo_taken(taken, gates, chain, &definition.place, next);
    }

    /// One of the tries succeeded; what the others did is undone already.
    fn undo_tries(
        &mut self,
        savepoint: &'s Savepoint<'s>,
        instance: &Instance,
        chain: &Chain<'s>,
        next: String,
    ) {
        let definition = savepoint.definition;
        let taken = self.variable(Fact::Taken(&definition.name));
        let gates = (1..=definition.tries).map(|number| {
            let instance = instance.at_try(number);
            let gate = naming::undo(&definition.name, &instance);
            (number, gate, instance, &savepoint.block)
        });
        self.undo_taken(taken, gates.collect(), chain, &definition.place, next);
    }

    /// Adds a gate for each of these blocks, of which the one of that number was done.
    fn undo_taken(
        &mut self,
        taken: Variable<'s>,
        gates: Vec<(u32, String, Instance, &'s Block<'s>)>,
        chain: &Chain<'s>,
        place: &'s saga_manifest::place::Place,
        mut next: String,
    ) {
        let mut parts = Vec::new();
        let mark = self.nodes.len();
        for (number, gate, instance, block) in gates {
            let gate = naming::in_chain(&gate, &chain.ending);
            let entry = self.undo_block(block, &instance, chain, next.clone());
            let states = self.nodes.split_off(mark);
            let exits = vec![
                Exit::new(Trigger::Taken(taken, number), entry),
                Exit::otherwise(next),
            ];
            self.add(gate.clone(), Role::Gate, place, exits);
            self.nodes.extend(states);
            parts.push(self.nodes.split_off(mark));
            next = gate;
        }
        self.nodes.extend(parts.into_iter().rev().flatten());
    }
}

/// The ways into the undo of a block that settled.
pub(super) fn entries<'s>(
    block: &Block<'s>,
    told_by: Option<Variable<'s>>,
    instance: &Instance,
    chain: &Chain<'s>,
) -> Vec<Exit<'s>> {
    let points = points_in(block, instance).into_iter().enumerate();
    let entries = points.map(|(position, point)| {
        let to = naming::in_chain(&point, &chain.ending);
        let from = UndoFrom {
            told_by,
            point,
            is_last: position == 0,
        };
        Exit::new(Trigger::From(from), to)
    });
    entries.collect()
}

/// The number of a case, from 1.
pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}
