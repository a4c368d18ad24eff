//! What events tell: the names of what happened, and after which of them a step can be asked for.

use std::collections::BTreeSet;

use saga_manifest::flow::{Block, End, Node};
use saga_manifest::step::{EventName, Kind};

use crate::Choreography;

/// What happened, of which an event tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// The saga was started.
    Started,
    /// A step was done, or a pause is over.
    Done(String),
    /// A step failed, or the author gave up: undo begins.
    Failed(String),
    /// A step was undone.
    Undone(String),
    /// A step or its undo is tried again.
    Retried(String),
    /// The time of a step or its undo has come.
    Overdue(String),
    /// An operator let the saga go on.
    Redriven,
    /// The saga was asked for.
    Requested,
    /// All steps are done.
    Completed,
    /// What was done is undone.
    Compensated,
    /// An operator is to look.
    Parked,
}

impl Choreography {
    /// The source and the detail type of the events that tell of something.
    #[must_use]
    pub fn named(&self, told: &Told) -> (String, String) {
        if let Some(name) = self.own_name(told) {
            return (name.source.clone(), name.kind.clone());
        }
        let saga = &self.saga.name;
        let kind = match told {
            Told::Started => format!("{saga}Started"),
            Told::Done(step) => format!("{step}Done"),
            Told::Failed(step) => format!("{step}Failed"),
            Told::Undone(step) => format!("{step}Undone"),
            Told::Retried(step) => format!("{step}Retried"),
            Told::Overdue(step) => format!("{step}Overdue"),
            Told::Redriven => format!("{saga}Redriven"),
            Told::Requested => format!("{saga}Requested"),
            Told::Completed => format!("{saga}Completed"),
            Told::Compensated => format!("{saga}Compensated"),
            Told::Parked => format!("{saga}Parked"),
        };
        (format!("saga.{saga}"), kind)
    }

    /// The name that the author gave an event.
    pub(crate) fn own_name(&self, told: &Told) -> Option<&EventName> {
        let events = |step: &str, undo| self.call(step, undo).map(|call| &call.events);
        match told {
            Told::Done(step) => events(step, false)?.done.as_ref(),
            Told::Failed(step) => events(step, false)?.failed.as_ref(),
            Told::Undone(step) => events(step, true)?.done.as_ref(),
            _ => None,
        }
    }

    /// After what a step can be asked for.
    #[must_use]
    pub fn causes_of_do(&self, step: &str) -> BTreeSet<Told> {
        let mut causes = own(step);
        let entry = BTreeSet::from([Told::Started]);
        before(&self.saga.body, entry, step, &mut causes);
        causes
    }

    /// After what the undo of a step can be asked for.
    #[must_use]
    pub fn causes_of_undo(&self, step: &str) -> BTreeSet<Told> {
        let mut causes = own(step);
        not_before(&self.saga.body, step, &mut causes);
        causes
    }
}

fn own(step: &str) -> BTreeSet<Told> {
    let step = step.to_owned();
    [
        Told::Retried(step.clone()),
        Told::Overdue(step),
        Told::Redriven,
    ]
    .into()
}

/// What a block ends after, if it is entered after `entry`; what leads to the step is noted on the way.
fn before(
    block: &Block,
    entry: BTreeSet<Told>,
    step: &str,
    causes: &mut BTreeSet<Told>,
) -> BTreeSet<Told> {
    let mut last = entry;
    for node in &block.nodes {
        if node.name() == step {
            causes.extend(last.iter().cloned());
        }
        let inner = node.blocks();
        last = match inner.is_empty() {
            true => BTreeSet::from([Told::Done(node.name().to_owned())]),
            false => inner
                .into_iter()
                .flat_map(|block| before(block, last.clone(), step, causes))
                .collect(),
        };
    }
    match block.end {
        End::Continue(_) => last,
        End::Complete(_) | End::Abort(_) => BTreeSet::new(),
    }
}

/// What can fail or be undone while a step is done: all but what comes before it, and other cases of a
/// choice.
fn not_before(block: &Block, step: &str, causes: &mut BTreeSet<Told>) {
    let is_here = |node: &Node| {
        let mut inner = node.blocks().into_iter();
        node.name() == step || inner.any(|block| holds(block, step))
    };
    let Some(place) = block.nodes.iter().position(is_here) else {
        return;
    };
    for node in block.nodes.iter().skip(place + 1) {
        all(node, causes);
    }
    if let End::Abort(abort) = &block.end {
        causes.insert(Told::Failed(abort.name.clone()));
    }
    match block.nodes.get(place) {
        Some(Node::Parallel(parallel)) => {
            for branch in &parallel.branches {
                match holds(branch, step) {
                    true => not_before(branch, step, causes),
                    false => all_in(branch, causes),
                }
            }
        }
        Some(node @ Node::Step(_)) => all(node, causes),
        Some(node) => {
            for inner in node.blocks() {
                not_before(inner, step, causes);
            }
        }
        None => {}
    }
}

fn holds(block: &Block, step: &str) -> bool {
    block.all_nodes().iter().any(|node| node.name() == step)
}

fn all_in(block: &Block, causes: &mut BTreeSet<Told>) {
    block.nodes.iter().for_each(|node| all(node, causes));
    if let End::Abort(abort) = &block.end {
        causes.insert(Told::Failed(abort.name.clone()));
    }
}

fn all(node: &Node, causes: &mut BTreeSet<Told>) {
    if let Node::Step(step) = node {
        if !matches!(step.kind, Kind::Retriable) {
            causes.insert(Told::Failed(step.name.clone()));
        }
        if matches!(step.kind, Kind::Compensatable { .. }) {
            causes.insert(Told::Undone(step.name.clone()));
        }
    }
    for block in node.blocks() {
        all_in(block, causes);
    }
}
