//! What a recovery can see of a saga: of each step, what tells whether it was done.

use std::collections::{BTreeMap, BTreeSet};

use crate::checked::variables::Fact;
use crate::checked::{Call, Kind, Saga, Step, Target};
use crate::fence;
use crate::jsonata::{Scope, Term};
use crate::plan::{self, Given, Parked, Plan, Role};

/// What tells whether a step was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// Its fence.
    Fence,
    /// Its item says so itself: undoing it is harmless, done or not.
    Item,
    /// The fences of the saga that it runs.
    Nested,
    /// The execution's history alone.
    History,
}

/// A pivot, and what keeps it from being passed while the saga is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pivot<'s> {
    /// Its own fence.
    Fenced(&'s str),
    /// The fence of a step that comes before it: the pivot has none.
    Behind {
        /// The pivot.
        pivot: &'s str,
        /// The step instance.
        before: String,
    },
}

/// A saga as its recovery sees it.
pub(super) struct Sight<'s> {
    pub(super) saga: &'s Saga<'s>,
    /// The sagas of the package that have a recovery: their fences tell what they did.
    fenced_sagas: &'s BTreeSet<&'s str>,
    /// All that undoes it.
    pub(super) undo: &'s Plan<'s>,
    /// For the state that does a step, the fenced step before it.
    pub(super) preceding: BTreeMap<String, String>,
    /// For the state that does a step, the fenced steps that are begun only once it is done.
    pub(super) following: BTreeMap<String, BTreeSet<String>>,
    /// For an undo state, it and its copies, each of which may have undone the step.
    undone_by: BTreeMap<String, BTreeSet<String>>,
    pub(super) pivots: Vec<Pivot<'s>>,
    /// Why the saga is left to an operator from the start.
    pub(super) blind: Option<String>,
    /// Seconds after which no function is at work any more.
    pub(super) longest: u32,
    /// The states in which the saga is parked.
    pub(super) parked: Vec<String>,
    /// Those of them that wait for an operator whatever error they end with: they undo nothing, or run a saga, and
    /// then say so by an error of an expression.
    pub(super) parked_always: Vec<String>,
}

impl<'s> Sight<'s> {
    pub(super) fn of(
        saga: &'s Saga<'s>,
        fenced_sagas: &'s BTreeSet<&'s str>,
        plan: &Plan<'s>,
        undo: &'s Plan<'s>,
    ) -> Self {
        let preceding = plan::preceding(saga);
        let mut states = ParkedStates::default();
        let mut undone_by = BTreeMap::new();
        collect(plan, &mut states, &mut undone_by);
        let pivots = pivots(saga, &preceding);
        let (blind, pivots) = match pivots {
            Ok(pivots) => (None, pivots),
            Err(why) => (Some(why), Vec::new()),
        };
        Self {
            saga,
            fenced_sagas,
            undo,
            preceding,
            following: plan::following(saga),
            undone_by,
            pivots,
            blind,
            longest: longest(saga),
            parked: states.all,
            parked_always: states.always,
        }
    }

    pub(super) fn name(&self) -> &'s str {
        &self.saga.definition.name
    }

    /// Where data is while the states of a machine run.
    pub(super) fn scope(&self, plan: &'s Plan<'s>) -> Scope<'s> {
        let scope = Scope::new(&self.saga.variables).at(&plan.level);
        scope.of_called(self.saga.is_called)
    }

    /// A step's instance in a machine, with the path of its item.
    pub(super) fn instance(&self, plan: &'s Plan<'s>, instance: &str) -> Term {
        let scope = self.scope(plan);
        let own = scope.instance(instance);
        match self.saga.item_path(&plan.level) {
            Some(path) => {
                let path = scope.variable(self.saga.variables.name(path));
                own.operator("&", &Term::string("/")).operator("&", &path)
            }
            None => own,
        }
    }

    /// The names of the states that undo the same as this one of the last chain.
    pub(super) fn undone_by(&self, undo: &str) -> Vec<String> {
        let known = self.undone_by.get(undo).into_iter().flatten().cloned();
        let all: BTreeSet<String> = known.chain([undo.to_owned()]).collect();
        all.into_iter().collect()
    }

    /// The steps of a machine whose fences are sealed: their instances.
    pub(super) fn fenced(plan: &Plan<'_>) -> Vec<String> {
        let nodes = plan.nodes.values();
        let fenced = nodes.filter_map(|node| match node.role {
            Role::Undo(step, _) if fence::guards(&step.call) => Some(node.instance.of(step.name)),
            _ => None,
        });
        fenced.collect()
    }

    /// What tells whether a step was done.
    pub(super) fn trace(&self, step: &Step<'_>, undo: &Call<'_>) -> Trace {
        match step.call.target {
            _ if fence::guards(&step.call) => Trace::Fence,
            _ if fence::cover(&step.call, undo).is_some() => Trace::Item,
            Target::Saga { saga, .. } if self.fenced_sagas.contains(saga.name.as_str()) => {
                Trace::Nested
            }
            _ => Trace::History,
        }
    }

    /// What undo reads that neither a fence nor the place in a list tells: of the machine whose first state
    /// assigns these.
    pub(super) fn unknown(&self, plan: &Plan<'s>) -> Vec<Fact<'s>> {
        let assigned = live_at_start(plan).into_iter();
        let kept = assigned.filter(|fact| match fact {
            Fact::Output(node) => !self.is_kept(node),
            _ => false,
        });
        kept.collect()
    }

    /// Whether a fence keeps the output of the step of this name.
    pub(super) fn is_kept(&self, node: &str) -> bool {
        let mut steps = self.saga.body.steps().into_iter();
        steps.any(|step| {
            step.name == node
                && matches!(step.kind, Kind::Compensatable(_))
                && fence::guards(&step.call)
        })
    }
}

/// What the first state of a machine of undo gives a value, because it is read later.
pub(super) fn live_at_start<'s>(plan: &Plan<'s>) -> Vec<Fact<'s>> {
    let start = plan.nodes.get(&plan.start);
    let exits = start.into_iter().flat_map(|node| &node.exits);
    let assigns = exits.flat_map(|exit| &exit.assigns);
    let facts: BTreeSet<Fact<'s>> = assigns
        .filter(|assign| !matches!(assign.given, Given::Item | Given::Index | Given::Path(..)))
        .map(|assign| assign.variable.fact)
        .collect();
    facts.into_iter().collect()
}

fn pivots<'s>(
    saga: &'s Saga<'s>,
    preceding: &BTreeMap<String, String>,
) -> Result<Vec<Pivot<'s>>, String> {
    let steps = saga.body.steps().into_iter();
    let pivots = steps.filter(|step| matches!(step.kind, Kind::Pivot));
    pivots
        .map(|step| {
            if fence::guards(&step.call) {
                return Ok(Pivot::Fenced(step.name));
            }
            let before = preceding.get(step.name).cloned().ok_or_else(|| {
                format!(
                    "whether the pivot `{}` was passed is not to be seen: neither it nor a step before it has a \
                     fence",
                    step.name
                )
            })?;
            Ok(Pivot::Behind {
                pivot: step.name,
                before,
            })
        })
        .collect()
}

/// The states in which a saga is parked.
#[derive(Default)]
struct ParkedStates {
    all: Vec<String>,
    /// Those that undo nothing.
    always: Vec<String>,
}

/// The states in which a saga is parked, and for each undo state of the last chain those that undo the same.
fn collect(
    plan: &Plan<'_>,
    parked: &mut ParkedStates,
    undone_by: &mut BTreeMap<String, BTreeSet<String>>,
) {
    for (name, node) in &plan.nodes {
        match node.role {
            Role::Parked(by) => {
                let mut names = vec![name.clone()];
                if by.runs_saga().is_some() {
                    // A nested saga is parked inside of that state.
                    names.push(format!("{name}:Held"));
                }
                if let Parked::Undo(step, _) = by {
                    let undone = undone_by.entry(node.effect_of_undo(step)).or_default();
                    undone.insert(name.clone());
                }
                if !matches!(by, Parked::Undo(..)) || by.runs_saga().is_some() {
                    parked.always.extend(names.iter().cloned());
                }
                parked.all.extend(names);
            }
            Role::SealParked(_) => parked.all.push(name.clone()),
            Role::Undo(step, _) => {
                let undone = undone_by.entry(node.effect_of_undo(step)).or_default();
                undone.insert(name.clone());
            }
            _ => {}
        }
    }
    plan.inner()
        .for_each(|inner| collect(inner, parked, undone_by));
}

/// The longest time that a function may be at work: its own, a start and a margin.
fn longest(saga: &Saga<'_>) -> u32 {
    let calls = saga.calls().into_iter();
    let functions = calls.filter(|(_, _, call)| matches!(call.target, Target::Lambda { .. }));
    let longest = functions.map(|(_, _, call)| call.timeout_seconds).max();
    longest.unwrap_or_default().saturating_add(15)
}
