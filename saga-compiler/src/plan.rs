//! Which states a saga has, and where each of them goes.
//!
//! [`Plan::new`] lays out forward and backward recovery; [`variables`] finds what each exit assigns.
//! What the states look like in the language is decided later, by `states`.
//!
//! A *frame* is a machine in which undo happens: the saga's own, or that of the items of a map's undo.
//! Branches and items are machines of their own for the forward way only: they settle, and tell where
//! their undo begins. What undoes them are flat states of the frame, in one [`chain`].

mod backward;
mod branch;
mod builder;
mod chain;
mod choice;
mod forward;
mod history;
mod instance;
mod item;
mod naming;
mod nested;
mod parking;
mod recovery;
mod savepoint;
mod step;
mod undo;
mod variables;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use saga_manifest::error::DeclaredError;
use saga_manifest::expr::{Expr, Test};
use saga_manifest::flow::{Abort, Wait};
use saga_manifest::place::Place;

use crate::checked::flow::{Choice, Map, Parallel, Savepoint};
use crate::checked::reads::reads;
use crate::checked::region::Level;
use crate::checked::variables::{Fact, Variable};
use crate::checked::{Call, Notification, Saga, Step};
use crate::diagnostic::{Diagnostic, Report};
use builder::Builder;
pub(crate) use instance::Instance;
pub(crate) use undo::{following, preceding};

/// What `States.ALL` does not match by the letter of the documentation, so it is caught by name.
const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";

/// Every other error.
const ALL: &str = "States.ALL";

/// The states of a machine, in the order of its definition.
#[derive(Debug)]
pub(crate) struct Plan<'s> {
    pub(crate) start: String,
    pub(crate) nodes: IndexMap<String, Node<'s>>,
    /// Where the machine is among the others.
    pub(crate) level: Level,
    clashes: Vec<naming::Clash<'s>>,
}

/// A state.
#[derive(Debug)]
pub(crate) struct Node<'s> {
    pub(crate) role: Role<'s>,
    pub(crate) exits: Vec<Exit<'s>>,
    /// Which of the copies of the author's node it is.
    pub(crate) instance: Instance,
    /// The machines inside it.
    pub(crate) inner: Vec<Plan<'s>>,
    /// What of the execution's variables is read after this state, if it succeeds.
    pub(crate) live_after: Vec<Variable<'s>>,
    /// What a branch or an item hands to its undo where it settles here.
    pub(crate) handed_on: Vec<Variable<'s>>,
    place: &'s Place,
}

/// What a state is for.
#[derive(Clone, Debug)]
pub(crate) enum Role<'s> {
    /// Does a step.
    Do(&'s Step<'s>),
    /// Tells a step that surely did not happen from one that perhaps did.
    Outcome,
    /// Tells a nested saga that has undone itself from one that may stand anywhere.
    NestedEnded,
    /// Tells the same of one that an operator has seen to.
    NestedSettled,
    /// Lets nothing be done of a step any more, before it is undone.
    Seal(&'s Step<'s>),
    /// The same once more, before the parked undo: fails until it is done.
    SealParked(&'s Step<'s>),
    /// Undoes a step.
    Undo(&'s Step<'s>, &'s Call<'s>),
    /// Tells an operator that a call is parked.
    Park(Parked<'s>),
    /// Tells the world that a call is parked.
    NotifyParked(&'s Notification<'s>),
    /// The parked call, which a redrive starts again.
    Parked(Parked<'s>),
    /// Tells the world of an ending.
    Notify(&'s Notification<'s>),
    /// Tells an operator that a notification is owed.
    Owed(&'s Notification<'s>),
    /// Completed, with this output; else with the one that is known.
    Succeeded(Option<&'s Expr>),
    /// Compensated.
    Failed,
    /// Runs branches.
    Parallel(&'s Parallel<'s>),
    /// Runs the items of a list.
    Map(&'s Map<'s>),
    /// Looks whether the list is one, and how long.
    Fits,
    /// Tells an operator that a map waits for a list that fits.
    ParkList(&'s Map<'s>),
    /// Begins an item.
    Item,
    /// Tells whether one of the branches or items failed.
    Joined,
    /// Takes one of several ways.
    Choice(&'s Choice<'s>),
    /// Keeps a block's value, or the saga's output.
    Keep,
    /// Gives up.
    Abort(&'s Abort),
    /// Waits.
    Wait(&'s Wait),
    /// Waits before a block is tried again.
    Interval(&'s Savepoint<'s>),
    /// Makes a step's change of a number final.
    Confirm(&'s Step<'s>),
    /// Ends a branch or an item.
    Settled(Settled<'s>),
    /// Finds where the undo of a branch, a case or a try begins.
    Gate,
    /// Undoes the items of a map.
    UndoMap(&'s Map<'s>),
    /// Begins to undo an item.
    UndoItem,
    /// An item is undone.
    ItemUndone,
    /// An item's undo needs what only the machine around it can do.
    ItemHeld,
}

/// How a branch or an item ended.
#[derive(Clone, Debug)]
pub(crate) struct Settled<'s> {
    /// The undo state that its undo begins with; none where nothing was done.
    pub(crate) undo_from: Option<String>,
    /// Its value where it came to its end, if somebody reads it.
    pub(crate) value: Option<&'s Expr>,
    /// Where its failure is, if it failed.
    pub(crate) failure: Option<Variable<'s>>,
}

/// A call that ran out of retries where nothing else can be done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parked<'s> {
    /// A compensation.
    Undo(&'s Step<'s>, &'s Call<'s>),
    /// The pivot, or a step after it, or one that runs another saga.
    Do(&'s Step<'s>),
    /// A step in a branch or an item that runs another saga, of which nobody knows how it ended: asked about
    /// where its undo would come, since nothing can wait in a branch.
    Held(&'s Step<'s>),
}

/// A way out of a state.
#[derive(Debug)]
pub(crate) struct Exit<'s> {
    pub(crate) trigger: Trigger<'s>,
    pub(crate) to: String,
    /// What it is for, where that is not plain.
    pub(crate) about: Option<&'static str>,
    /// The variables that this way out can give a value.
    sets: Vec<(Variable<'s>, Given<'s>)>,
    /// The nodes of which nothing is known any more after it.
    forgets: BTreeSet<&'s str>,
    /// The variables that it does assign, and what.
    pub(crate) assigns: Vec<Assign<'s>>,
}

/// When a way out is taken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trigger<'s> {
    /// The state succeeded.
    Success,
    /// It failed with one of these errors, retries exhausted.
    Errors(Vec<&'s str>),
    /// The failed step had been retried.
    Retried(Variable<'s>),
    /// The nested saga has undone itself: its failure says so, or else the state's input.
    Undone(Option<Variable<'s>>),
    /// A case of a choice holds.
    Case(&'s Test),
    /// There is a failure.
    Failed(Variable<'s>),
    /// The variable has this number, or nobody can tell.
    Taken(Variable<'s>, u32),
    /// Undo begins with this state.
    From(UndoFrom<'s>),
    /// A map's list is none, or too long.
    DoesNotFit(&'s saga_manifest::flow::Map),
    /// None of the others.
    Otherwise,
}

/// Where the undo of a branch or an item begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UndoFrom<'s> {
    /// What tells it: a variable, else the state's input.
    pub(crate) told_by: Option<Variable<'s>>,
    /// The name of the state, as it is in the last chain.
    pub(crate) point: String,
    /// Whether it is also where the undo of everything begins.
    pub(crate) is_last: bool,
}

/// What a variable is given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given<'s> {
    /// Null.
    Null,
    /// A number that the compiler knows.
    Number(u32),
    /// What stands for all undo states of a branch.
    Everything,
    /// The output of the state's call, or the list of the values of its branches or items.
    Output,
    /// How often the state was retried.
    Retries,
    /// The error that the state failed with, as that of this node.
    Error(&'s str),
    /// The first failure of the branches or items, null if there is none.
    FirstFailure,
    /// What a branch hands on.
    HandedOn(usize, Variable<'s>),
    /// Where the undo of a branch begins.
    UndoFrom(usize),
    /// Where the undo of each item begins, and what it hands on.
    Outcomes,
    /// The value of an expression.
    Value(&'s Expr),
    /// The author's failure.
    Abort(&'s Abort),
    /// The failure of a list that is none, or too long.
    DoesNotFit(&'s saga_manifest::flow::Map),
    /// The item that a map is at.
    Item,
    /// Its index.
    Index,
    /// Its path, below that of an item around it.
    Path(&'s str, Option<Variable<'s>>),
    /// What the item handed on when it settled.
    Restored(Variable<'s>),
    /// What travelled in the state's input.
    Carried,
}

/// What a way out assigns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Assign<'s> {
    pub(crate) variable: Variable<'s>,
    pub(crate) given: Given<'s>,
}

impl<'s> Plan<'s> {
    /// The plan of a saga.
    ///
    /// # Errors
    /// Names of states that clash or are too long; histories that could be too long.
    pub(crate) fn new(saga: &'s Saga<'s>) -> Result<Self, Vec<Diagnostic>> {
        let wanted = wanted_values(saga);
        let mut builder = Builder::new(saga, &wanted, Level::outermost(), true);
        let start = builder.saga();
        let mut plan = builder.finish(start);
        let mut report = Report::default();
        naming::check(&plan, &mut report);
        variables::assign(&mut plan, saga);
        history::check(&plan, saga, &mut report);
        report.finish(plan)
    }

    /// The machines inside this one.
    pub(crate) fn inner(&self) -> impl Iterator<Item = &Self> {
        self.nodes.values().flat_map(|node| &node.inner)
    }
}

/// The nodes whose values somebody reads.
fn wanted_values<'s>(saga: &'s Saga<'s>) -> BTreeSet<&'s str> {
    let steps = saga
        .calls()
        .into_iter()
        .flat_map(|(_, _, call)| call.reads());
    let ends = saga.body.expressions().into_iter().flat_map(reads);
    let nodes = steps.chain(ends).filter_map(|read| match read.fact {
        Fact::Output(node) => Some(node),
        _ => None,
    });
    nodes.collect()
}

impl<'s> Exit<'s> {
    fn new(trigger: Trigger<'s>, to: impl Into<String>) -> Self {
        Self {
            trigger,
            to: to.into(),
            about: None,
            sets: Vec::new(),
            forgets: BTreeSet::new(),
            assigns: Vec::new(),
        }
    }

    fn setting(mut self, variables: impl IntoIterator<Item = (Variable<'s>, Given<'s>)>) -> Self {
        self.sets.extend(variables);
        self
    }

    fn success(to: impl Into<String>) -> Self {
        Self::new(Trigger::Success, to)
    }

    fn otherwise(to: impl Into<String>) -> Self {
        Self::new(Trigger::Otherwise, to)
    }

    /// The ways out for every error that no other way out takes.
    fn any_error(to: &str) -> [Self; 2] {
        [DATA_LIMIT_EXCEEDED, ALL].map(|error| Self::new(Trigger::Errors(vec![error]), to))
    }
}

/// The names of some declared errors.
fn names<'s>(errors: impl IntoIterator<Item = &'s DeclaredError>) -> Vec<&'s str> {
    errors
        .into_iter()
        .map(|error| error.name.as_str())
        .collect()
}
