//! Which states a saga has, and where each of them goes.
//!
//! [`Plan::new`] lays out forward and backward recovery; [`variables`] finds what each exit assigns.
//! What the states look like in the language is decided later, by `states`.

mod backward;
mod forward;
mod naming;
mod parking;
mod variables;

use indexmap::IndexMap;
use saga_manifest::error::DeclaredError;
use saga_manifest::place::Place;

use crate::checked::{Call, Notification, Saga, Step};
use crate::diagnostic::{Diagnostic, Report};

/// What `States.ALL` does not match by the letter of the documentation, so it is caught by name.
const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";

/// Every other error.
const ALL: &str = "States.ALL";

/// The states of a saga, in the order of its definition.
#[derive(Debug)]
pub(crate) struct Plan<'s> {
    pub(crate) start: String,
    pub(crate) nodes: IndexMap<String, Node<'s>>,
}

/// A state.
#[derive(Debug)]
pub(crate) struct Node<'s> {
    pub(crate) role: Role<'s>,
    pub(crate) exits: Vec<Exit<'s>>,
    /// What of the execution's variables is read after this state, if it succeeds.
    pub(crate) live_after: Vec<Variable<'s>>,
    place: &'s Place,
}

/// What a state is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role<'s> {
    /// Does a step.
    Do(&'s Step<'s>),
    /// Tells a step that surely did not happen from one that perhaps did.
    Outcome,
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
    /// Completed.
    Succeeded,
    /// Compensated.
    Failed,
}

/// A call that ran out of retries where nothing else can be done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parked<'s> {
    /// A compensation.
    Undo(&'s Step<'s>, &'s Call<'s>),
    /// The pivot, or a step after it.
    Do(&'s Step<'s>),
}

/// A way out of a state.
#[derive(Debug)]
pub(crate) struct Exit<'s> {
    pub(crate) trigger: Trigger<'s>,
    pub(crate) to: String,
    /// What it is for, where that is not plain.
    pub(crate) about: Option<&'static str>,
    /// The variables that this way out can give a value.
    sets: Vec<Variable<'s>>,
    /// The variables that it does assign, and what.
    pub(crate) assigns: Vec<Assign<'s>>,
}

/// When a way out is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trigger<'s> {
    /// The state succeeded.
    Success,
    /// It failed with one of these errors, retries exhausted.
    Errors(Vec<&'s str>),
    /// The failed step had been retried.
    Retried,
    /// None of the others.
    Otherwise,
}

/// A variable of the execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Variable<'s> {
    /// How often the failed step was retried.
    Attempts,
    /// The first failure.
    Failure,
    /// A step's output.
    Output(&'s str),
}

/// What a way out assigns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assign<'s> {
    /// The value that the state has for it.
    Set(Variable<'s>),
    /// Null, since nothing has assigned it before and something may read it.
    Null(Variable<'s>),
    /// What travelled in the state's input.
    Restore(Variable<'s>),
}

impl<'s> Plan<'s> {
    /// The plan of a saga.
    ///
    /// # Errors
    /// Names of states that clash or are too long.
    pub(crate) fn new(saga: &'s Saga<'s>) -> Result<Self, Vec<Diagnostic>> {
        let mut builder = Builder {
            saga,
            nodes: Vec::new(),
        };
        builder.forward();
        builder.backward();
        let start = builder.forward_from(0);
        let mut report = Report::default();
        let reachable = builder.reachable(&start);
        builder
            .nodes
            .retain(|(name, _)| reachable.contains(name.as_str()));
        naming::check(&builder.nodes, &mut report);
        let mut plan = Self {
            start,
            nodes: builder.nodes.into_iter().collect(),
        };
        variables::assign(&mut plan, saga);
        report.finish(plan)
    }
}

/// A plan in the making.
struct Builder<'s> {
    saga: &'s Saga<'s>,
    nodes: Vec<(String, Node<'s>)>,
}

impl<'s> Builder<'s> {
    fn add(&mut self, name: String, role: Role<'s>, place: &'s Place, exits: Vec<Exit<'s>>) {
        let node = Node {
            role,
            exits,
            live_after: Vec::new(),
            place,
        };
        self.nodes.push((name, node));
    }

    /// Names of the states that an execution can come to.
    fn reachable(&self, start: &str) -> std::collections::BTreeSet<String> {
        let mut found = std::collections::BTreeSet::new();
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            if found.insert(name.to_owned()) {
                let same = self.nodes.iter().filter(|(other, _)| other == name);
                let exits = same.flat_map(|(_, node)| &node.exits);
                open.extend(exits.map(|exit| exit.to.as_str()));
            }
        }
        found
    }
}

impl<'s> Exit<'s> {
    fn new(trigger: Trigger<'s>, to: impl Into<String>) -> Self {
        Self {
            trigger,
            to: to.into(),
            about: None,
            sets: Vec::new(),
            assigns: Vec::new(),
        }
    }

    fn setting(mut self, variables: impl IntoIterator<Item = Variable<'s>>) -> Self {
        self.sets.extend(variables);
        self
    }

    fn success(to: impl Into<String>) -> Self {
        Self::new(Trigger::Success, to)
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
