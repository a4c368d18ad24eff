//! A picture that somebody paints while an execution goes on.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ink, is_taken, painted, picture};
use crate::graph::Graph;
use crate::history::History;
use crate::layout::{self, Scene};

/// A graph that is laid out once, and painted over and over.
pub struct Canvas<'g> {
    title: &'g str,
    scene: Scene<'g>,
}

/// What an execution did, as the parts of a canvas show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Painting {
    /// The class of each state's box, by name: `idle`, `ran`, `failed`, `undone` or `waiting`.
    pub states: BTreeMap<String, &'static str>,
    /// The numbers of the transitions that were taken.
    pub taken: BTreeSet<usize>,
}

impl<'g> Canvas<'g> {
    /// Lays a graph out.
    #[must_use]
    pub fn of(graph: &'g Graph) -> Self {
        Self {
            title: &graph.title,
            scene: layout::machine(&graph.machine, 0),
        }
    }

    /// The picture before anything ran, for a page that has the [`STYLE`](super::STYLE). The box of each state has
    /// its name as `data-state` and a class of [`Painting::states`]; a transition its number as `data-route`, and
    /// the class `idle` unless it was taken. Each box has all signs of how it came out: the page shows one.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut out = String::new();
        picture(self.title, &self.scene, Ink::Live, &mut out);
        out
    }

    /// What it looks like once this has happened.
    #[must_use]
    pub fn painted(&self, history: &History) -> Painting {
        let boxes = self.scene.boxes.iter().map(|placed| {
            let ran = history.of_node(placed.machine, placed.place);
            (placed.node.name.clone(), painted(ran))
        });
        let routes = self.scene.routes.iter().enumerate();
        let taken = routes.filter(|(_, route)| is_taken(route, history));
        Painting {
            states: boxes.collect(),
            taken: taken.map(|(number, _)| number).collect(),
        }
    }
}
