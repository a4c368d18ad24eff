//! The way to success in layers: each state below all that lead to it, with as few crossings as a few sweeps
//! find (the barycentre heuristic of Sugiyama, Tagawa and Toda, 1981).

use std::collections::BTreeMap;

use super::size::{Size, text_width};
use super::spread::spread;
use crate::graph::{EdgeKind, Lane, Machine};

/// How often the layers are gone through, down and up in turn.
const SWEEPS: usize = 8;
/// The width of a transition that passes a layer.
const PASSING: i32 = 14;

/// What stands in a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// A state.
    Node(usize),
    /// A transition on its way, by its place in the machine's edges.
    Passing(usize),
}

/// The layers of a machine's way to success.
pub(super) struct Layers {
    layers: Vec<Vec<Item>>,
    /// By layer and place in it: where its left edge is.
    x: Vec<Vec<i32>>,
    /// How wide each place is.
    widths: BTreeMap<Item, i32>,
    /// How wide each state is.
    own: BTreeMap<usize, i32>,
    ranks: BTreeMap<usize, usize>,
}

impl Layers {
    pub(super) fn new(machine: &Machine, sizes: &[Size<'_>]) -> Self {
        let ranks = ranks(machine);
        let mut layers: Vec<Vec<Item>> = Vec::new();
        let mut put = |row: usize, item: Item| {
            if layers.len() <= row {
                layers.resize(row + 1, Vec::new());
            }
            if let Some(layer) = layers.get_mut(row) {
                layer.push(item);
            }
        };
        let mut widths = BTreeMap::new();
        let mut own = BTreeMap::new();
        for (node, row) in &ranks {
            put(*row, Item::Node(*node));
            let width = sizes.get(*node).map_or(0, |size| size.cell().width);
            widths.insert(Item::Node(*node), width);
            own.insert(*node, width);
        }
        let mut links: Vec<Vec<(Item, Item)>> = Vec::new();
        for (number, edge) in machine.edges.iter().enumerate() {
            let (Some(from), Some(to)) = (ranks.get(&edge.from), ranks.get(&edge.to)) else {
                continue;
            };
            if to <= from {
                continue;
            }
            let mut above = Item::Node(edge.from);
            for row in from + 1..=*to {
                let below = match row == *to {
                    true => Item::Node(edge.to),
                    false => Item::Passing(number),
                };
                if row < *to {
                    put(row, below);
                    widths.entry(below).or_insert(PASSING);
                }
                if let (EdgeKind::Choice(label), true) = (&edge.kind, row == from + 1) {
                    let width = widths.entry(below).or_insert(PASSING);
                    *width = (*width).max(text_width(label, 62) + 16);
                }
                if links.len() < row {
                    links.resize(row, Vec::new());
                }
                if let Some(between) = links.get_mut(row - 1) {
                    between.push((above, below));
                }
                above = below;
            }
        }
        let mut this = Self {
            x: Vec::new(),
            layers,
            widths,
            own,
            ranks,
        };
        this.order(&links);
        this.x = spread(&this.layers, &this.widths, &links);
        this
    }

    /// Orders each layer by where its neighbours are.
    fn order(&mut self, links: &[Vec<(Item, Item)>]) {
        for sweep in 0..SWEEPS {
            let down = sweep % 2 == 0;
            let count = self.layers.len();
            for step in 1..count {
                let row = if down { step } else { count - 1 - step };
                let (beside, between) = match down {
                    true => (row - 1, row - 1),
                    false => (row + 1, row),
                };
                let (Some(other), Some(links)) = (self.layers.get(beside), links.get(between))
                else {
                    continue;
                };
                let place = |item: Item| other.iter().position(|other| *other == item);
                let centre = |item: Item| {
                    let neighbours = links.iter().filter_map(|(above, below)| {
                        let (own, far) = if down { (below, above) } else { (above, below) };
                        (*own == item).then(|| place(*far)).flatten()
                    });
                    let (sum, number) = neighbours.fold((0, 0), |(sum, n), at| (sum + at, n + 1));
                    (number > 0).then(|| sum * 1_000 / number)
                };
                let Some(layer) = self.layers.get(row) else {
                    continue;
                };
                let keyed = layer.iter().enumerate().map(|(at, item)| {
                    // What has no neighbour stays about where it is.
                    (centre(*item).unwrap_or(at * 1_000), at, *item)
                });
                let mut keyed: Vec<_> = keyed.collect();
                keyed.sort_unstable();
                let ordered = keyed.into_iter().map(|(_, _, item)| item).collect();
                if let Some(layer) = self.layers.get_mut(row) {
                    *layer = ordered;
                }
            }
        }
    }

    /// The states of each row.
    pub(super) fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = usize>> {
        self.layers.iter().map(|layer| {
            layer.iter().filter_map(|item| match item {
                Item::Node(node) => Some(*node),
                Item::Passing(_) => None,
            })
        })
    }

    /// Each state's row and left edge.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, (usize, i32))> {
        let layers = self.layers.iter().zip(&self.x).enumerate();
        layers.flat_map(move |(row, (layer, x))| {
            layer.iter().zip(x).filter_map(move |(item, x)| match item {
                Item::Node(node) => Some((*node, (row, x + self.inset(*node)))),
                Item::Passing(_) => None,
            })
        })
    }

    /// How far a state is from the left edge of its place, which may be as wide as a label.
    fn inset(&self, node: usize) -> i32 {
        let place = self.widths.get(&Item::Node(node));
        let own = self.own.get(&node);
        place.zip(own).map_or(0, |(place, own)| (place - own) / 2)
    }

    /// The row of a state.
    pub(super) fn row(&self, node: usize) -> Option<usize> {
        self.ranks.get(&node).copied()
    }

    /// Where a transition passes a row: the middle of its place.
    pub(super) fn passing(&self, edge: usize, row: usize) -> Option<i32> {
        let layer = self.layers.get(row)?;
        let at = layer.iter().position(|item| *item == Item::Passing(edge))?;
        let width = self.widths.get(&Item::Passing(edge))?;
        Some(self.x.get(row)?.get(at)? + width / 2)
    }

    /// The width of all.
    pub(super) fn width(&self) -> i32 {
        let layers = self.layers.iter().zip(&self.x);
        let rights = layers.flat_map(|(layer, x)| {
            layer
                .iter()
                .zip(x)
                .map(|(item, x)| x + self.widths.get(item).copied().unwrap_or(0))
        });
        rights.max().unwrap_or_default()
    }
}

/// The row of each state on the way to success: below all that lead to it, loops aside.
fn ranks(machine: &Machine) -> BTreeMap<usize, usize> {
    let mut ranks = BTreeMap::new();
    for (node, _) in machine
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.lane == Lane::Forward)
    {
        let rank = *ranks.entry(node).or_insert(0);
        // States stand in the order in which they are come to: what leads back is a loop.
        let next = machine.from(node).filter(|edge| edge.to > node);
        for edge in next.filter(|edge| machine.is_forward(edge.to)) {
            let below = ranks.entry(edge.to).or_insert(0);
            *below = (*below).max(rank + 1);
        }
    }
    ranks
}
