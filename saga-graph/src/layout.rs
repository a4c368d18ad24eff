//! Where everything is, in pixels.
//!
//! A machine's way to success is laid out in layers ([`layers`], [`spread`]); what goes back stands at its right, in
//! the row of what it belongs to ([`side`]); then transitions are led between them ([`route`]). A machine inside a
//! state is laid out first, and is a box to the one around it.

mod layers;
mod route;
mod side;
pub(crate) mod size;
mod spread;

use crate::graph::{EdgeKind, Machine, Node};
use layers::Layers;
use side::Side;
use size::Size;

/// Space between boxes side by side.
const GAP: i32 = 28;
/// Space between rows.
pub(crate) const ROW: i32 = 44;
/// Space between the way to success and the way back.
const GUTTER: i32 = 56;

/// A picture, laid out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scene<'g> {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) boxes: Vec<Placed<'g>>,
    pub(crate) routes: Vec<Route>,
}

/// A state and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Placed<'g> {
    pub(crate) node: &'g Node,
    /// The machine that it is in, and its place there.
    pub(crate) machine: &'g Machine,
    pub(crate) place: usize,
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// Its name, in lines.
    pub(crate) lines: Vec<String>,
    /// What is said under the name.
    pub(crate) badges: Vec<&'static str>,
    /// How deep inside other states it is.
    pub(crate) depth: usize,
}

/// A transition and its way.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) points: Vec<(i32, i32)>,
    pub(crate) kind: EdgeKind,
    /// Whether it bends softly between the points, down the layers; else it has corners.
    pub(crate) soft: bool,
    /// The names of the states that it joins; none where an execution begins.
    pub(crate) joins: Option<(String, String)>,
    /// Whether it goes on after a compensation.
    pub(crate) after_undo: bool,
}

/// A box of a machine.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl Cell {
    fn middle(self) -> i32 {
        self.x + self.width / 2
    }

    fn center(self) -> i32 {
        self.y + self.height / 2
    }

    fn right(self) -> i32 {
        self.x + self.width
    }

    fn bottom(self) -> i32 {
        self.y + self.height
    }
}

/// Lays out a machine.
pub(crate) fn machine(machine: &Machine, depth: usize) -> Scene<'_> {
    let sizes: Vec<Size<'_>> = machine
        .nodes
        .iter()
        .map(|node| size::of(node, depth))
        .collect();
    let layers = Layers::new(machine, &sizes);
    let side = Side::new(machine, &layers);
    let mut cells: Vec<Cell> = sizes.iter().map(Size::cell).collect();
    let rows = rows(&layers, &side, &cells);
    let left = route::margin(machine, &layers);
    let spine = place_spine(&layers, &rows, left, &mut cells);
    let gutter = route::gutter(machine, &layers, &cells, spine);
    side.place(&rows, spine + gutter, &mut cells);
    let routes = route::all(machine, &layers, &rows, &cells, spine);
    let points = routes.iter().flat_map(|route| &route.points);
    let farthest = points.map(|(x, _)| x + 2);
    let right = cells.iter().map(|cell| cell.right()).chain(farthest).max();
    let mut scene = Scene {
        width: right.unwrap_or_default(),
        height: rows.last().map_or(0, |row| row.bottom()) + 2,
        boxes: Vec::new(),
        routes,
    };
    for (place, (size, cell)) in sizes.into_iter().zip(&cells).enumerate() {
        scene.add(size, *cell, (machine, place), depth);
    }
    scene
}

/// The rows of a machine, each as high as what stands in it.
fn rows(layers: &Layers, side: &Side, cells: &[Cell]) -> Vec<Cell> {
    let height = |node: &usize| cells.get(*node).map_or(0, |cell| cell.height);
    let mut y = route::START;
    let mut rows = Vec::new();
    // What nothing leads to stands in a row too, where there is no way to success.
    let count = layers.rows().count().max(usize::from(!cells.is_empty()));
    for number in 0..count {
        let layer = layers.rows().nth(number).into_iter().flatten();
        let highest = layer.map(|node| height(&node)).max().unwrap_or_default();
        let beside = side.height(number, cells);
        let row = Cell {
            x: 0,
            y,
            width: 0,
            height: highest.max(beside),
        };
        y = row.bottom() + ROW;
        rows.push(row);
    }
    rows
}

/// Puts the way to success into its rows; gives its right edge.
fn place_spine(layers: &Layers, rows: &[Cell], left: i32, cells: &mut [Cell]) -> i32 {
    let mut right = left;
    for (node, (row, x)) in layers.places() {
        let (Some(cell), Some(row)) = (cells.get_mut(node), rows.get(row)) else {
            continue;
        };
        cell.x = left + x;
        cell.y = row.center() - cell.height / 2;
        right = right.max(cell.right());
    }
    right.max(left + layers.width())
}

impl<'g> Scene<'g> {
    fn add(&mut self, size: Size<'g>, cell: Cell, at: (&'g Machine, usize), depth: usize) {
        self.boxes.push(Placed {
            node: size.node,
            machine: at.0,
            place: at.1,
            x: cell.x,
            y: cell.y,
            width: cell.width,
            height: cell.height,
            lines: size.lines,
            badges: size.badges,
            depth,
        });
        for (x, y, mut inner) in size.inner {
            let (x, y) = (cell.x + x, cell.y + y);
            for placed in &mut inner.boxes {
                placed.x += x;
                placed.y += y;
            }
            let points = inner.routes.iter_mut().flat_map(|route| &mut route.points);
            points.for_each(|(px, py)| {
                *px += x;
                *py += y;
            });
            self.boxes.append(&mut inner.boxes);
            self.routes.append(&mut inner.routes);
        }
    }
}
