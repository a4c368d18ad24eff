//! The ways of the transitions.

use super::layers::Layers;
use super::size::{count, text_width};
use super::{Cell, GUTTER, Route};
use crate::graph::{Edge, EdgeKind, Lane, Machine};

/// Above the first row, for where an execution begins.
pub(super) const START: i32 = 30;
/// Between loops side by side.
const LOOP: i32 = 16;

/// How much room loops and their labels take at the left.
pub(super) fn margin(machine: &Machine, layers: &Layers) -> i32 {
    let loops = machine.edges.iter().filter(|edge| is_loop(edge, layers));
    let labels = loops.clone().map(label_width).max();
    2 + count(loops.count()) * LOOP + labels.unwrap_or_default()
}

/// The space between the way to success and the way back, with room for labels.
pub(super) fn gutter(machine: &Machine, layers: &Layers, cells: &[Cell], spine: i32) -> i32 {
    let aside = machine
        .edges
        .iter()
        .filter(|edge| layers.row(edge.from).is_some() && layers.row(edge.to).is_none());
    let lacking = aside.filter_map(|edge| {
        let room = spine - cells.get(edge.from)?.right();
        Some(label_width(edge) - room)
    });
    (lacking.max().unwrap_or_default() + GUTTER / 2).max(GUTTER)
}

fn label_width(edge: &Edge) -> i32 {
    match &edge.kind {
        EdgeKind::Choice(label) => text_width(label, 62),
        _ => 0,
    }
}

fn is_loop(edge: &Edge, layers: &Layers) -> bool {
    match (layers.row(edge.from), layers.row(edge.to)) {
        (Some(from), Some(to)) => to <= from,
        _ => false,
    }
}

/// All ways. `spine`: the right edge of the way to success.
pub(super) fn all(
    machine: &Machine,
    layers: &Layers,
    rows: &[Cell],
    cells: &[Cell],
    spine: i32,
) -> Vec<Route> {
    let ways = Ways {
        machine,
        layers,
        rows,
        cells,
        spine,
    };
    let mut loops = 0;
    let mut routes: Vec<Route> = ways.begin().into_iter().collect();
    for (number, edge) in machine.edges.iter().enumerate() {
        let (Some(from), Some(to)) = (cells.get(edge.from), cells.get(edge.to)) else {
            continue;
        };
        let (soft, points) = match (layers.row(edge.from), layers.row(edge.to)) {
            (Some(above), Some(below)) if below > above => (true, ways.down(number, edge)),
            (Some(_), Some(_)) => {
                loops += 1;
                (
                    false,
                    around(*from, *to, margin(machine, layers) - loops * LOOP),
                )
            }
            (Some(row), None) => (false, ways.aside(number, *from, *to, row)),
            (None, Some(_)) => (false, ways.home(number, *from, *to)),
            (None, None) => (false, ways.back(number, *from, *to)),
        };
        let name = |node: usize| machine.nodes.get(node).map(|node| node.name.clone());
        routes.push(Route {
            points,
            kind: edge.kind.clone(),
            soft,
            joins: name(edge.from).zip(name(edge.to)),
            after_undo: machine
                .nodes
                .get(edge.from)
                .is_some_and(|node| matches!(node.lane, Lane::Beside(_))),
        });
    }
    routes
}

struct Ways<'w> {
    machine: &'w Machine,
    layers: &'w Layers,
    rows: &'w [Cell],
    cells: &'w [Cell],
    spine: i32,
}

impl Ways<'_> {
    /// To the state where an execution begins.
    fn begin(&self) -> Option<Route> {
        let start = self.cells.get(self.machine.start?)?;
        Some(Route {
            points: vec![(start.middle(), start.y - 22), (start.middle(), start.y)],
            kind: EdgeKind::Next,
            soft: false,
            joins: None,
            after_undo: false,
        })
    }

    /// Down the layers.
    fn down(&self, number: usize, edge: &Edge) -> Vec<(i32, i32)> {
        let (Some(from), Some(to)) = (self.cells.get(edge.from), self.cells.get(edge.to)) else {
            return Vec::new();
        };
        let (above, below) = (self.layers.row(edge.from), self.layers.row(edge.to));
        let mut points = vec![(self.port(edge, edge.from, *from), from.bottom())];
        // The rest of its own row, where the row is higher than the state.
        let bottom = |row: Option<usize>| self.rows.get(row?).map(|row| row.bottom());
        if let (Some(bottom), Some((x, y))) = (bottom(above), points.last().copied())
            && bottom > y
        {
            points.push((x, bottom));
        }
        for row in above.unwrap_or_default() + 1..below.unwrap_or_default() {
            let passed = self.layers.passing(number, row).zip(self.rows.get(row));
            if let Some((x, row)) = passed {
                let x = x + margin(self.machine, self.layers);
                points.extend([(x, row.y), (x, row.bottom())]);
            }
        }
        let x = self.port(edge, edge.to, *to);
        if let Some(row) = below
            .and_then(|row| self.rows.get(row))
            .filter(|row| row.y < to.y)
        {
            points.push((x, row.y));
        }
        points.push((x, to.y));
        points
    }

    /// Where one of several transitions leaves or comes to a state: from left to right as their other ends are.
    fn port(&self, edge: &Edge, at: usize, cell: Cell) -> i32 {
        let leaves = edge.from == at;
        let other = |edge: &Edge| if leaves { edge.to } else { edge.from };
        let is_down = |one: &&Edge| {
            let here = if leaves { one.from } else { one.to };
            here == at && self.layers.row(other(one)).is_some() && !is_loop(one, self.layers)
        };
        let middle = |edge: &Edge| self.cells.get(other(edge)).map_or(0, |cell| cell.middle());
        let mut others: Vec<(i32, usize)> = self
            .machine
            .edges
            .iter()
            .filter(is_down)
            .map(|edge| (middle(edge), other(edge)))
            .collect();
        others.sort_unstable();
        let place = others.iter().position(|(_, node)| *node == other(edge));
        let (place, count) = (count(place.unwrap_or(0)), count(others.len()));
        let step = (cell.width / (count + 1)).min(26);
        cell.middle() + (2 * place - (count - 1)) * step / 2
    }

    /// To the way back, at the right.
    fn aside(&self, number: usize, from: Cell, to: Cell, row: usize) -> Vec<(i32, i32)> {
        let lane = self.spine + 12 + shift(number);
        let beside = self.cells.iter().any(|cell| {
            let overlaps = cell.y < from.center() && cell.bottom() > from.center();
            overlaps && cell.x > from.right() && cell.x < self.spine
        });
        let mut points = Vec::new();
        if beside {
            let bottom = self.rows.get(row).map_or(from.bottom(), |row| row.bottom());
            let x = from.right() - 14;
            let y = bottom + 9 + shift(number) / 2;
            points.extend([(x, from.bottom()), (x, y), (lane, y)]);
        } else {
            let level = from.y.max(to.y) < from.bottom().min(to.bottom());
            let y = match level && to.y < from.center() && to.bottom() > from.center() {
                true => from.center(),
                false if level => to.center().clamp(from.y + 8, from.bottom() - 8),
                false => from.center(),
            };
            points.push((from.right(), y));
            // Past what stands between, below its row.
            let between = self.cells.iter().any(|cell| {
                let overlaps = cell.y < to.center() && cell.bottom() > to.center();
                overlaps && cell.x > self.spine && cell.right() < to.x
            });
            if between {
                let bottom = self.rows.get(row).map_or(from.bottom(), |row| row.bottom());
                let (below, last) = (bottom + 9 + shift(number) / 2, to.x - 16);
                points.extend([(lane, y), (lane, below), (last, below), (last, to.center())]);
                points.push((to.x, to.center()));
                return points;
            }
            if level && to.y < y && to.bottom() > y {
                points.push((to.x, y));
                return points;
            }
            points.push((lane, y));
        }
        points.extend([(lane, to.center()), (to.x, to.center())]);
        points
    }

    /// From the way back to the way to success.
    fn home(&self, number: usize, from: Cell, to: Cell) -> Vec<(i32, i32)> {
        let lane = self.spine + 18 + shift(number);
        let y = to.bottom() - 9;
        vec![
            (from.x, from.center()),
            (lane, from.center()),
            (lane, y),
            (to.right(), y),
        ]
    }

    /// Along the way back.
    fn back(&self, number: usize, from: Cell, to: Cell) -> Vec<(i32, i32)> {
        let same_column = from.x < to.right() && to.x < from.right();
        if !same_column {
            let (start, end) = match from.x < to.x {
                true => (from.right(), to.x),
                false => (from.x, to.right()),
            };
            if to.y < from.center() && to.bottom() > from.center() {
                return vec![(start, from.center()), (end, from.center())];
            }
            let lane = if from.x < to.x {
                end - 14 - shift(number)
            } else {
                end + 14 + shift(number)
            };
            return vec![
                (start, from.center()),
                (lane, from.center()),
                (lane, to.center()),
                (end, to.center()),
            ];
        }
        let (high, low) = if to.y < from.y {
            (to, from)
        } else {
            (from, to)
        };
        let between = self.cells.iter().any(|cell| {
            cell.y > high.y && cell.y < low.y && cell.x < from.right() && from.x < cell.right()
        });
        if between {
            let lane = from.right().max(to.right()) + 12 + shift(number);
            return vec![
                (from.right(), from.center()),
                (lane, from.center()),
                (lane, to.center()),
                (to.right(), to.center()),
            ];
        }
        let x = (from.x.max(to.x) + from.right().min(to.right())) / 2;
        match to.y < from.y {
            true => vec![(x, from.y), (x, to.bottom())],
            false => vec![(x, from.bottom()), (x, to.y)],
        }
    }
}

/// A loop, at the left.
fn around(from: Cell, to: Cell, lane: i32) -> Vec<(i32, i32)> {
    vec![
        (from.x, from.center()),
        (lane, from.center()),
        (lane, to.center()),
        (to.x, to.center()),
    ]
}

/// So that ways through the same gutter are told apart.
fn shift(number: usize) -> i32 {
    const LANES: usize = 4;
    count(number % LANES) * (GUTTER / 8)
}
