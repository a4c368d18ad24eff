//! Which part of a saga runs in which machine.
//!
//! A *region* is what one machine does: the saga itself, a branch of a parallel, an item of a map.
//! Choices and savepoints are flat in the region that they stand in. A [`Level`] is a machine's place
//! among the machines: its own region and those whose variables it can read.

use std::collections::BTreeMap;

use saga_manifest::flow::{Block, Node};

use super::variables::{Fact, known, known_inside};

/// A region, by its number.
pub(crate) type Region = usize;

/// The regions of a saga.
#[derive(Debug, Default)]
pub(crate) struct Regions<'m> {
    /// What each region but the saga's own stands in: the first is the saga's, and has none.
    holders: Vec<Option<Holder<'m>>>,
    numbers: BTreeMap<(&'m str, usize), Region>,
    homes: BTreeMap<Fact<'m>, Region>,
}

/// What a region stands in.
#[derive(Clone, Copy, Debug)]
struct Holder<'m> {
    around: Region,
    node: &'m str,
    is_map: bool,
}

/// The regions whose variables a machine can read, its own first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Level(Vec<Region>);

impl Level {
    /// The saga's own machine.
    pub(crate) fn outermost() -> Self {
        Self(vec![0])
    }

    /// A machine of that region inside this one.
    pub(crate) fn inside(&self, region: Region) -> Self {
        let around = self.0.iter().copied();
        Self(std::iter::once(region).chain(around).collect())
    }

    /// The machine's own region.
    pub(crate) fn region(&self) -> Region {
        self.0.first().copied().unwrap_or_default()
    }
}

impl<'m> Regions<'m> {
    pub(super) fn new(body: &'m Block) -> Self {
        let mut regions = Self {
            holders: vec![None],
            ..Self::default()
        };
        regions.visit(body, 0);
        regions
    }

    fn visit(&mut self, block: &'m Block, region: Region) {
        for node in &block.nodes {
            let name = node.name();
            self.homes.entry(Fact::Output(name)).or_insert(region);
            for fact in known(node) {
                self.homes.entry(fact).or_insert(region);
            }
            let is_map = matches!(node, Node::Map(_));
            let has_regions = is_map || matches!(node, Node::Parallel(_));
            for (position, block) in node.blocks().into_iter().enumerate() {
                if !has_regions {
                    self.visit(block, region);
                    continue;
                }
                let inner = self.holders.len();
                self.holders.push(Some(Holder {
                    around: region,
                    node: name,
                    is_map,
                }));
                self.numbers.entry((name, position)).or_insert(inner);
                for fact in known_inside(node) {
                    self.homes.entry(fact).or_insert(inner);
                }
                self.visit(block, inner);
            }
        }
    }

    /// The region of a parallel's branch, or of a map's items.
    pub(crate) fn of(&self, node: &str, branch: usize) -> Region {
        self.numbers
            .get(&(node, branch))
            .copied()
            .unwrap_or_default()
    }

    /// The region that a fact is first known in.
    pub(crate) fn home(&self, fact: Fact<'_>) -> Region {
        self.homes.get(&fact).copied().unwrap_or_default()
    }

    pub(super) fn facts(&self) -> impl Iterator<Item = (Fact<'m>, Region)> {
        self.homes.iter().map(|(fact, home)| (*fact, *home))
    }

    /// The parallel or map that a region stands in.
    pub(crate) fn node_around(&self, region: Region) -> Option<&'m str> {
        self.holder(region).map(|holder| holder.node)
    }

    /// The parallels that hand on what is known in a region, the innermost first. What is known of an
    /// item stays with the item.
    pub(super) fn handed_on_by(&self, region: Region) -> Vec<&'m str> {
        let regions = std::iter::once(region).chain(self.regions_handing_on(region));
        let holders = regions.filter_map(|region| self.holder(region));
        holders
            .filter(|holder| !holder.is_map)
            .map(|holder| holder.node)
            .collect()
    }

    /// The regions around a region that what it knows is handed on to.
    fn regions_handing_on(&self, region: Region) -> Vec<Region> {
        let mut found = Vec::new();
        let mut at = region;
        while let Some(holder) = self.holder(at).filter(|holder| !holder.is_map) {
            at = holder.around;
            found.push(at);
        }
        found
    }

    /// What the branch of a parallel hands on: what is known in its region, and what has been handed on
    /// to it.
    pub(crate) fn handed_on_from(&self, region: Region) -> impl Iterator<Item = Fact<'m>> {
        let inside =
            move |home: Region| home == region || self.regions_handing_on(home).contains(&region);
        self.facts()
            .filter(move |(_, home)| inside(*home))
            .map(|(fact, _)| fact)
    }

    /// The map whose item a region is a part of, if it is.
    pub(crate) fn map_around(&self, region: Region) -> Option<&'m str> {
        let mut at = region;
        while let Some(holder) = self.holder(at) {
            if holder.is_map {
                return Some(holder.node);
            }
            at = holder.around;
        }
        None
    }

    /// The parallel that has handed on a fact to where a machine is, if one has.
    pub(super) fn handed_on_to(&self, fact: Fact<'_>, level: &Level) -> Option<&'m str> {
        let home = self.home(fact);
        level.0.iter().find_map(|region| self.way(home, *region))?
    }

    /// How one region lies in another: itself, or in this node of it. `None` where it does not.
    fn way(&self, inner: Region, outer: Region) -> Option<Option<&'m str>> {
        let mut at = inner;
        let mut through = None;
        while at != outer {
            let holder = self.holder(at)?;
            through = Some(holder.node);
            at = holder.around;
        }
        Some(through)
    }

    fn holder(&self, region: Region) -> Option<Holder<'m>> {
        self.holders.get(region).copied().flatten()
    }
}
