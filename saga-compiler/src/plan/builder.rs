//! A machine's states in the making.

use std::collections::{BTreeMap, BTreeSet};

use saga_manifest::place::Place;

use super::recovery::Holder;
use super::{Exit, Instance, Node, Plan, Role, naming};
use crate::checked::Saga;
use crate::checked::region::Level;
use crate::checked::variables::{Fact, Variable};

/// A machine's plan in the making.
pub(super) struct Builder<'s, 'w> {
    pub(super) saga: &'s Saga<'s>,
    /// The nodes whose values somebody reads.
    pub(super) wanted: &'w BTreeSet<&'s str>,
    pub(super) level: Level,
    /// Whether undo that ran out of retries is parked in this machine.
    pub(super) is_frame: bool,
    pub(super) nodes: Vec<(String, Node<'s>)>,
    /// The branch or item that the machine is, where it is one on its forward way.
    pub(super) holder: Option<Holder<'s>>,
    /// States that come after all others.
    pub(super) last: Vec<(String, Node<'s>)>,
}

impl<'s, 'w> Builder<'s, 'w> {
    pub(super) fn new(
        saga: &'s Saga<'s>,
        wanted: &'w BTreeSet<&'s str>,
        level: Level,
        is_frame: bool,
    ) -> Self {
        Self {
            saga,
            wanted,
            level,
            is_frame,
            holder: None,
            nodes: Vec::new(),
            last: Vec::new(),
        }
    }

    /// A builder of a machine inside this one.
    pub(super) fn inside(&self, node: &str, branch: usize, is_frame: bool) -> Self {
        let region = self.saga.variables.regions.of(node, branch);
        Self::new(self.saga, self.wanted, self.level.inside(region), is_frame)
    }

    pub(super) fn add(
        &mut self,
        name: String,
        role: Role<'s>,
        place: &'s Place,
        exits: Vec<Exit<'s>>,
    ) {
        self.add_copy(name, role, place, exits, &Instance::default());
    }

    pub(super) fn add_copy(
        &mut self,
        name: String,
        role: Role<'s>,
        place: &'s Place,
        exits: Vec<Exit<'s>>,
        instance: &Instance,
    ) {
        self.add_nesting(name, role, place, exits, instance, Vec::new());
    }

    pub(super) fn add_nesting(
        &mut self,
        name: String,
        role: Role<'s>,
        place: &'s Place,
        exits: Vec<Exit<'s>>,
        instance: &Instance,
        inner: Vec<Plan<'s>>,
    ) {
        let node = Node {
            role,
            exits,
            instance: instance.clone(),
            inner,
            live_after: Vec::new(),
            handed_on: Vec::new(),
            place,
        };
        self.nodes.push((name, node));
    }

    /// The variable that holds what is known, in this machine.
    pub(super) fn variable(&self, fact: Fact<'s>) -> Variable<'s> {
        self.saga.variables.find(fact, &self.level)
    }

    /// The variable of a failure, or of its attempts, in this machine.
    pub(super) fn of_failure(&self, fact: Fact<'s>) -> Variable<'s> {
        let regions = &self.saga.variables.regions;
        Variable {
            fact,
            by: regions.node_around(self.level.region()),
        }
    }

    /// The machine of the states that can be reached.
    pub(super) fn finish(mut self, start: String) -> Plan<'s> {
        self.nodes.append(&mut self.last);
        let reachable = self.reachable(&start);
        self.nodes
            .retain(|(name, _)| reachable.contains(name.as_str()));
        let (nodes, clashes) = naming::distinct(self.nodes);
        Plan {
            start,
            nodes,
            level: self.level,
            clashes,
        }
    }

    /// Names of the states that an execution can come to.
    fn reachable(&self, start: &str) -> BTreeSet<String> {
        let mut exits: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, node) in &self.nodes {
            let to = node.exits.iter().map(|exit| exit.to.as_str());
            exits.entry(name).or_default().extend(to);
        }
        let mut found = BTreeSet::new();
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            if found.insert(name.to_owned()) {
                open.extend(exits.get(name).into_iter().flatten());
            }
        }
        found
    }
}
