//! Pictures of sagas and other state machines. Pure: nothing is read or written.
//!
//! definition, [`Notes`] ─`read`→ [`Graph`], which the drawings share:
//!
//! - [`svg()`]: laid out in layers (`layout`), light and dark; a [`Canvas`] is the same for a page that paints it
//! - [`text()`]: for a terminal, in boxes of Unicode
//! - [`mermaid()`], [`dot()`]: for other tools
//!
//! The way to success goes down. What fails goes to the right, and what compensates a step stands beside it, so the
//! way back goes up. An execution's [`History`] can be painted on it. The same definition gives the same bytes.

mod condition;
mod dot;
mod graph;
mod history;
mod layout;
mod mermaid;
mod notes;
mod read;
mod svg;
mod text;
mod wrap;

pub use dot::dot;
pub use graph::{Edge, EdgeKind, Graph, Lane, Machine, Mark, Node, Shape};
pub use history::{History, Ran};
pub use mermaid::mermaid;
pub use notes::{Notes, Purpose};
pub use read::read;
pub use svg::{Canvas, Painting, STYLE, svg};
pub use text::text;
