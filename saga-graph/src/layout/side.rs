//! The way back: each state in the row of what it belongs to, at the right of the way to success.

use std::collections::BTreeMap;

use super::layers::Layers;
use super::{Cell, GUTTER};
use crate::graph::{EdgeKind, Lane, Machine};

/// Space between states one above the other in a row.
const STACK: i32 = 22;

/// Where a state stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    row: usize,
    column: usize,
}

/// Where the states of the way back stand.
pub(super) struct Side {
    /// In the order of the machine.
    places: BTreeMap<usize, Place>,
}

impl Side {
    pub(super) fn new(machine: &Machine, layers: &Layers) -> Self {
        let mut this = Self {
            places: BTreeMap::new(),
        };
        let nodes = machine.nodes.iter().enumerate();
        let mut others = Vec::new();
        for (node, lane) in nodes.map(|(place, node)| (place, node.lane)) {
            match lane {
                Lane::Forward => {}
                Lane::Beside(step) => {
                    let row = layers.row(step).unwrap_or_default();
                    this.places.insert(node, Place { row, column: 0 });
                }
                Lane::Backward => others.push(node),
            }
        }
        // Each behind one that has its place; what nothing leads to comes last.
        while !others.is_empty() {
            let found = others.iter().enumerate().find_map(|(at, node)| {
                let place = this.place_of(*node, machine, layers)?;
                Some((at, *node, place))
            });
            let last = Place {
                row: layers.rows().count().saturating_sub(1),
                column: 0,
            };
            let (at, node, place) =
                found.unwrap_or((0, others.first().copied().unwrap_or(0), last));
            others.remove(at);
            this.places.insert(node, place);
        }
        this
    }

    /// Behind the compensation that runs last, or beside the last step whose failure leads there: the higher of the two.
    fn place_of(&self, node: usize, machine: &Machine, layers: &Layers) -> Option<Place> {
        let into = machine.edges.iter().filter(|edge| edge.to == node);
        let back = into.clone().filter(|edge| edge.kind == EdgeKind::Back);
        let before = back.filter_map(|edge| self.places.get(&edge.from));
        let before = before.min_by_key(|place| place.row).copied();
        let failing = into.filter_map(|edge| layers.row(edge.from)).max();
        let failing = failing.map(|row| Place { row, column: 0 });
        let highest = before.into_iter().chain(failing);
        let Place { row, column } = highest.min_by_key(|place| place.row)?;
        let column = usize::from(self.compensates(machine, row)).max(column);
        Some(Place { row, column })
    }

    /// Whether a compensation stands in a row.
    fn compensates(&self, machine: &Machine, row: usize) -> bool {
        self.places.iter().any(|(node, place)| {
            let lane = machine.nodes.get(*node).map(|node| node.lane);
            place.row == row && matches!(lane, Some(Lane::Beside(_)))
        })
    }

    /// How high a row is for what stands in it.
    pub(super) fn height(&self, row: usize, cells: &[Cell]) -> i32 {
        let heights = (0..2).map(|column| self.stack(Place { row, column }, cells));
        heights.max().unwrap_or_default()
    }

    fn stack(&self, place: Place, cells: &[Cell]) -> i32 {
        let nodes = self.places.iter().filter(|(_, other)| **other == place);
        let heights = nodes.filter_map(|(node, _)| Some(cells.get(*node)?.height + STACK));
        (heights.sum::<i32>() - STACK).max(0)
    }

    /// Puts the states there, from the left edge.
    pub(super) fn place(&self, rows: &[Cell], left: i32, cells: &mut [Cell]) {
        let first = self.places.iter().filter(|(_, place)| place.column == 0);
        let widths = first.filter_map(|(node, _)| Some(cells.get(*node)?.width));
        let width = widths.max().unwrap_or_default();
        let mut tops: BTreeMap<(usize, usize), i32> = BTreeMap::new();
        // The way back goes up: what compensates first stands lowest.
        let first = self
            .places
            .iter()
            .rev()
            .filter(|(_, place)| place.column == 0);
        let second = self.places.iter().filter(|(_, place)| place.column > 0);
        for (node, place) in first.chain(second) {
            let Some(row) = rows.get(place.row) else {
                continue;
            };
            let height = self.stack(*place, cells);
            let top = tops.entry((place.row, place.column));
            let top = top.or_insert(row.center() - height / 2);
            let Some(cell) = cells.get_mut(*node) else {
                continue;
            };
            cell.x = match place.column {
                0 => left + (width - cell.width) / 2,
                _ => left + width + GUTTER,
            };
            cell.y = *top;
            *top = cell.bottom() + STACK;
        }
    }
}
