//! What a recovery can see of a saga, and where its undo begins accordingly.

use saga_manifest::flow::Node;

use super::chain::Chain;
use crate::checked::{Kind, Saga, Step};
use crate::fence;

/// What can be seen of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trace {
    /// Its fence says what became of it.
    Fence,
    /// Its item says so itself: undoing it is harmless, done or not.
    Item,
    /// It has no effect.
    Nothing,
    /// It has one, and nothing tells.
    Unseen,
}

/// A saga as its recovery sees it.
pub(super) struct Sight<'s> {
    pub(super) saga: &'s str,
    /// The steps in order, each with what is seen of it; none where the saga is not one row of steps.
    steps: Vec<(&'s Step<'s>, Trace)>,
    /// Whether another saga may have started the execution: then that one sees to it.
    pub(super) is_called: bool,
    /// Why the saga is left to an operator from the start.
    pub(super) blind: Option<String>,
    /// Seconds after which nothing is at work any more.
    pub(super) longest: u32,
    /// The end of the undo chain.
    end: String,
    /// Steps whose answer the undo chain reads, each with its variable.
    pub(super) recalls: Vec<(&'s str, String)>,
}

/// Where a recovery goes for what the fences say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Begin<'s> {
    /// The step whose fence is asked, and the stages that it is in.
    pub(super) when: Option<(&'s str, &'static [&'static str])>,
    /// The step of which nothing is seen, and which an operator is asked about first.
    pub(super) unseen: Option<&'s str>,
    /// The state that the undo begins with.
    pub(super) to: String,
}

const DONE: &[&str] = &["done"];
const PERHAPS: &[&str] = &["begun", "unsure", "undoing", "undo-failed"];
const UNDONE: &[&str] = &["undone"];

impl<'s> Sight<'s> {
    pub(super) fn of(saga: &'s Saga<'s>, chain: &Chain) -> Self {
        let steps = saga.body.steps().into_iter();
        let steps = steps.map(|step| (step, trace(step)));
        let mut sight = Self {
            saga: &saga.definition.name,
            is_called: saga.is_called,
            steps: steps.collect(),
            blind: None,
            longest: longest(saga),
            end: chain.end().unwrap_or_default().to_owned(),
            recalls: Vec::new(),
        };
        sight.blind = sight.blindness(saga, chain);
        if sight.blind.is_none() {
            sight.recalls = sight.recalled(chain);
        }
        sight
    }

    /// Why nothing can be undone here, if that is so.
    fn blindness(&self, saga: &Saga<'_>, chain: &Chain) -> Option<String> {
        let mut nodes = saga.definition.body.nodes.iter();
        if !nodes.all(|node| matches!(node, Node::Step(_))) {
            return Some("the saga branches, repeats or waits: which of its steps were done is not to be seen from their fences alone".into());
        }
        let unfenced = self
            .steps
            .iter()
            .find(|(step, trace)| matches!(step.kind, Kind::Pivot) && *trace != Trace::Fence);
        if let Some((pivot, _)) = unfenced {
            return Some(format!(
                "whether the pivot `{}` was passed is not to be seen: it has no fence",
                pivot.name
            ));
        }
        let begins = self.entries();
        if !begins.iter().all(|state| chain.has(state)) {
            return Some("the states that undo it are not those of a row of steps".into());
        }
        let mut unknown = self
            .steps
            .iter()
            .filter(|(_, trace)| *trace != Trace::Fence);
        let missing = unknown.find(|(step, _)| {
            let variable = chain.variable_of(step.name);
            variable.is_some_and(|variable| chain.reads(&begins, variable))
        });
        missing.map(|(step, _)| {
            format!(
                "its undo reads the output of `{}`, which no fence keeps",
                step.name
            )
        })
    }

    fn recalled(&self, chain: &Chain) -> Vec<(&'s str, String)> {
        let begins = self.entries();
        let fenced = self
            .steps
            .iter()
            .filter(|(_, trace)| *trace == Trace::Fence);
        let recalls = fenced.filter_map(|(step, _)| {
            let variable = chain.variable_of(step.name)?;
            chain
                .reads(&begins, variable)
                .then(|| (step.name, variable.to_owned()))
        });
        recalls.collect()
    }

    /// The pivot, if the saga has one.
    pub(super) fn pivot(&self) -> Option<&'s str> {
        let pivot = self
            .steps
            .iter()
            .find(|(step, _)| matches!(step.kind, Kind::Pivot));
        pivot.map(|(step, _)| step.name)
    }

    /// The steps that have a fence and can be undone: what is sealed and read.
    pub(super) fn fenced(&self) -> Vec<&'s str> {
        let steps = self.steps.iter();
        let fenced = steps.filter(|(step, trace)| {
            *trace == Trace::Fence && matches!(step.kind, Kind::Compensatable(_))
        });
        fenced.map(|(step, _)| step.name).collect()
    }

    /// The states that the undo may begin with.
    pub(super) fn begins(&self) -> Vec<String> {
        match self.blind {
            Some(_) => Vec::new(),
            None => self.entries(),
        }
    }

    fn entries(&self) -> Vec<String> {
        self.rules().into_iter().map(|begin| begin.to).collect()
    }

    /// Where the undo begins: the first rule that holds. The steps are in a row, so that all before one that
    /// was begun are done, and none after one that was not.
    pub(super) fn rules(&self) -> Vec<Begin<'s>> {
        let mut rules = Vec::new();
        let mut until = self.steps.len();
        let undoable = |step: &Step<'_>| matches!(step.kind, Kind::Compensatable(_));
        for (position, (step, trace)) in self.steps.iter().enumerate().rev() {
            if *trace != Trace::Fence || !undoable(step) {
                if matches!(step.kind, Kind::Pivot) {
                    // It is closed: nothing of it was done, nor of what follows.
                    until = position;
                }
                continue;
            }
            let rule = |stages, unseen, to| Begin {
                when: Some((step.name, stages)),
                unseen,
                to,
            };
            let (unseen, last) = self.between(position + 1, until);
            rules.push(rule(DONE, unseen, last.unwrap_or_else(|| undo(step.name))));
            rules.push(rule(PERHAPS, None, undo(step.name)));
            rules.push(rule(UNDONE, None, self.before(position)));
            until = position;
        }
        let (unseen, last) = self.between(0, until);
        rules.push(Begin {
            when: None,
            unseen,
            to: last.unwrap_or_else(|| self.end.clone()),
        });
        rules
    }

    /// Of the steps that may have been done without a fence: one that nothing tells of, and the undo of the last
    /// item.
    fn between(&self, from: usize, until: usize) -> (Option<&'s str>, Option<String>) {
        let steps = self.steps.get(from..until).unwrap_or_default();
        let last = |wanted| steps.iter().rev().find(move |(_, trace)| *trace == wanted);
        let unseen = last(Trace::Unseen).map(|(step, _)| step.name);
        (unseen, last(Trace::Item).map(|(step, _)| undo(step.name)))
    }

    /// The state that undoes what was done before a step.
    fn before(&self, position: usize) -> String {
        let steps = self.steps.get(..position).unwrap_or_default();
        let mut undone = steps.iter().rev();
        let found = undone.find(|(step, _)| matches!(step.kind, Kind::Compensatable(_)));
        found.map_or_else(|| self.end.clone(), |(step, _)| undo(step.name))
    }
}

/// The undo state of a step that stands in no block.
fn undo(step: &str) -> String {
    format!("Undo{step}")
}

fn trace(step: &Step<'_>) -> Trace {
    match &step.kind {
        Kind::ReadOnly => Trace::Nothing,
        _ if fence::guards(&step.call) => Trace::Fence,
        Kind::Compensatable(undo) if fence::cover(&step.call, undo).is_some() => Trace::Item,
        _ => Trace::Unseen,
    }
}

/// The longest time that a call may be at work: its function's, a start and a margin.
fn longest(saga: &Saga<'_>) -> u32 {
    let calls = saga.calls().into_iter();
    let longest = calls.map(|(_, _, call)| call.timeout_seconds).max();
    longest.unwrap_or_default().saturating_add(15)
}
