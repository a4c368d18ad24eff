//! Isolation along the ways through a saga: each semantic lock is given back on every way on which the saga is
//! completed, nothing is changed under a lock that the saga may not hold, and what is to be read again is,
//! before the saga relies on it for good.
//!
//! Where a saga is undone, its locks are given back by the compensations of the steps that took them. Where it
//! is parked it keeps them, and the message to the operators names them.

mod pair;

use std::collections::BTreeMap;

use saga_manifest::place::Place;
use saga_manifest::resource::Isolation;
use saga_manifest::task::Basis;

use super::flow::{Block, Choice, End, Node};
use super::{Call, Kind, Operation, Step, Target};
use crate::diagnostic::{Diagnostic, Report};
use crate::fence;

/// The locks that a saga may hold while a step is done or undone: steps that take them, by the step's name.
pub(crate) type Locks<'m> = BTreeMap<&'m str, Vec<&'m str>>;

/// Checks a saga's body; gives the locks that may be held at each step.
pub(super) fn check<'m>(body: &Block<'m>, saga: &'m Place, report: &mut Report) -> Locks<'m> {
    let mut steps = BTreeMap::new();
    let mut locks = Locks::new();
    collect(body, &mut steps);
    let mut walk = Walk {
        steps: &steps,
        locks: &mut locks,
        report,
        around: None,
    };
    walk.block(body, State::default(), saga);
    locks
}

/// What a step does, and where.
#[derive(Clone, Copy)]
struct Known<'a, 'm> {
    call: &'a Call<'m>,
    place: &'m Place,
}

fn collect<'a, 'm>(block: &'a Block<'m>, into: &mut BTreeMap<&'m str, Known<'a, 'm>>) {
    for step in block.steps() {
        let known = Known {
            call: &step.call,
            place: step.place,
        };
        into.insert(step.name, known);
    }
}

/// What is so at a point of the way.
#[derive(Clone, Debug, Default)]
struct State<'m> {
    /// The steps whose locks may be held, and whether they surely are.
    held: BTreeMap<&'m str, bool>,
    /// Reads that have not been repeated, with their places.
    unrepeated: BTreeMap<&'m str, &'m Place>,
    /// The pivot is passed.
    committed: bool,
}

impl State<'_> {
    /// What is so where two ways come together.
    fn join(mut self, other: Self) -> Self {
        for (lock, surely) in &mut self.held {
            *surely &= other.held.get(lock).copied().unwrap_or(false);
        }
        for lock in other.held.into_keys() {
            self.held.entry(lock).or_insert(false);
        }
        self.unrepeated.extend(other.unrepeated);
        self.committed |= other.committed;
        self
    }
}

/// A part in which no lock is taken, since the saga goes on without knowing of it.
#[derive(Clone, Copy)]
struct Around<'m> {
    what: &'static str,
    place: &'m Place,
}

struct Walk<'w, 'm> {
    steps: &'w BTreeMap<&'m str, Known<'w, 'm>>,
    locks: &'w mut Locks<'m>,
    report: &'w mut Report,
    around: Option<Around<'m>>,
}

impl<'m> Walk<'_, 'm> {
    /// Goes through a block; what is so after it, if the saga goes on there. `from` is where it begins.
    fn block(
        &mut self,
        block: &Block<'m>,
        mut state: State<'m>,
        from: &'m Place,
    ) -> Option<State<'m>> {
        let mut last = from;
        for node in &block.nodes {
            state = self.node(node, state)?;
            last = node.place();
        }
        match block.end {
            End::Continue(_) => Some(state),
            End::Abort(_) => None,
            End::Complete(_) => {
                self.completed(&state, last);
                None
            }
        }
    }

    fn node(&mut self, node: &Node<'m>, state: State<'m>) -> Option<State<'m>> {
        match node {
            Node::Step(step) => Some(self.step(step, state)),
            Node::Wait(_) => Some(state),
            Node::Choice(choice) => self.choice(choice, &state),
            // Each of them runs, and none of them is completed before all are: also beside one that always fails.
            Node::Parallel(parallel) => {
                let around = ("branch", &parallel.definition.place);
                let (mut state, mut goes_on) = (state, true);
                for branch in &parallel.branches {
                    match self.inside(around, branch, state.clone()) {
                        Some(after) => state = after,
                        None => goes_on = false,
                    }
                }
                goes_on.then_some(state)
            }
            Node::Savepoint(savepoint) => {
                let around = ("savepoint", &savepoint.definition.place);
                self.inside(around, &savepoint.block, state)
            }
            // There may be no item.
            Node::Map(map) => {
                let around = ("map", &map.definition.place);
                let after = self.inside(around, &map.item, state.clone());
                Some(match after {
                    Some(after) => state.join(after),
                    None => state,
                })
            }
        }
    }

    fn inside(
        &mut self,
        (what, place): (&'static str, &'m Place),
        block: &Block<'m>,
        state: State<'m>,
    ) -> Option<State<'m>> {
        let around = self.around.replace(Around { what, place });
        let after = self.block(block, state, place);
        self.around = around;
        after
    }

    fn choice(&mut self, choice: &Choice<'m>, state: &State<'m>) -> Option<State<'m>> {
        let place = &choice.definition.place;
        let cases = choice.cases.iter();
        let after = cases.filter_map(|case| self.block(&case.then, state.clone(), place));
        after.reduce(State::join)
    }

    fn step(&mut self, step: &Step<'m>, mut state: State<'m>) -> State<'m> {
        if !state.held.is_empty() {
            let held = state.held.keys().copied().collect();
            self.locks.insert(step.name, held);
        }
        self.check_pair(step);
        self.check_basis(step, &step.call, &state);
        if let Kind::Compensatable(undo) = &step.kind {
            self.check_basis(step, undo, &state);
        }
        if matches!(step.kind, Kind::Pivot) {
            self.relied_on(&state, step.place, "the pivot");
            state.committed = true;
        }
        let Target::Item(item) = step.call.target else {
            return state;
        };
        match item.operation {
            Operation::Lock { .. } => {
                self.check_around(step);
                state.held.insert(step.name, true);
                self.locks.entry(step.name).or_default().push(step.name);
            }
            Operation::Release { lock, .. } => {
                self.check_release(step, lock);
                state.held.remove(lock);
            }
            Operation::Get { again: None, .. }
                if item.table.isolation == Isolation::Reread && !state.committed =>
            {
                state.unrepeated.insert(step.name, step.place);
            }
            Operation::Get {
                again: Some(first), ..
            } => {
                self.check_again(step, first);
                state.unrepeated.remove(first);
            }
            _ => {}
        }
        state
    }

    /// A lock that is held where the saga is completed is never given back.
    fn completed(&mut self, state: &State<'m>, last: &'m Place) {
        for lock in state.held.keys() {
            let message =
                format!("the lock of `{lock}` is not given back where the saga is completed");
            let help = "give it back on this way: `saga.forward(lock.release())` after the pivot, or \
                        `saga.pivot(lock.release())`";
            self.both(
                message,
                help,
                lock,
                last,
                "the last of the way that keeps it",
            );
        }
        if !state.committed {
            self.relied_on(state, last, "the last before the saga is completed");
        }
    }

    /// What was read is relied on for good.
    fn relied_on(&mut self, state: &State<'m>, place: &'m Place, what: &str) {
        for (first, read) in &state.unrepeated {
            let message = format!("what `{first}` has read is not read again before it counts");
            let help = "read it again before the pivot: `saga.reread(…)`; its table's isolation asks for it";
            let mistake = Diagnostic::new(message, help).at(read, "read here");
            self.report.push(mistake.at(place, what));
        }
    }

    /// What a change relies on must be so.
    fn check_basis(&mut self, step: &Step<'m>, call: &Call<'m>, state: &State<'m>) {
        let Target::Item(item) = call.target else {
            return;
        };
        let Operation::Update {
            basis: Some(Basis::Lock(lock)),
            ..
        } = item.operation
        else {
            return;
        };
        let lock = lock.as_str();
        if !self.is_lock_of(lock, call) {
            let message = format!("`{}` changes an item under a lock of another", step.name);
            let help = "change the item that is locked";
            self.both(message, help, lock, step.place, "this step");
        } else if state.held.get(lock) != Some(&true) {
            let message = format!(
                "`{}` changes an item whose lock the saga may not hold there",
                step.name
            );
            let help = "take the lock before it on every way, and give it back after it";
            self.both(message, help, lock, step.place, "this step");
        }
    }

    fn check_release(&mut self, step: &Step<'m>, lock: &str) {
        if !self.is_lock_of(lock, &step.call) {
            let message = format!("`{}` gives back what `{lock}` has not locked", step.name);
            let help = "give back the item that is locked";
            self.both(message, help, lock, step.place, "this step");
        }
        if matches!(step.kind, Kind::Compensatable(_) | Kind::ReadOnly) {
            let message = format!("`{}` gives a lock back before the pivot", step.name);
            let help = "without its lock nothing can be undone: give it back after the pivot, or as the pivot";
            self.both(message, help, lock, step.place, "this step");
        }
    }

    /// Whether a step of this name takes the lock of the item that a call is about.
    fn is_lock_of(&self, lock: &str, call: &Call<'m>) -> bool {
        let taken = self.steps.get(lock).map(|known| known.call.target);
        let (Some(Target::Item(locked)), Target::Item(item)) = (taken, call.target) else {
            return false;
        };
        matches!(locked.operation, Operation::Lock { .. }) && fence::same_item(&locked, &item)
    }

    fn check_around(&mut self, step: &Step<'m>) {
        let Some(Around { what, place }) = self.around else {
            return;
        };
        let message = format!("`{}` takes a lock in a {what}", step.name);
        let help =
            "take it before: what is locked in a part of the saga nobody gives back behind it";
        let mistake = Diagnostic::new(message, help).at(step.place, "this step");
        self.report
            .push(mistake.at(place, format!("of this {what}")));
    }

    fn check_again(&mut self, step: &Step<'m>, first: &str) {
        let read = self.steps.get(first).map(|known| known.call.target);
        let fits = match (read, step.call.target) {
            (Some(Target::Item(read)), Target::Item(item)) => {
                matches!(read.operation, Operation::Get { .. }) && fence::same_item(&read, &item)
            }
            _ => false,
        };
        if !fits {
            let message = format!("`{}` reads another item than `{first}`", step.name);
            let help = "read the same item of the same table again";
            self.both(message, help, first, step.place, "this step");
        }
    }

    /// A mistake with both places: that of the other step, where it is known, and this one.
    fn both(&mut self, message: String, help: &str, other: &str, place: &Place, what: &str) {
        let mistake = Diagnostic::new(message, help);
        let mistake = match self.steps.get(other) {
            Some(known) => mistake.at(known.place, format!("`{other}` is here")),
            None => mistake,
        };
        self.report.push(mistake.at(place, what));
    }
}
