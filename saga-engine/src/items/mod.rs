//! The items of a Map: read from a file, grouped into batches.

mod batch;
mod csv;
mod read;

pub use batch::{Limits, batches};
pub use read::read;
