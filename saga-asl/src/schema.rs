//! Which fields an object of the language may have, and what each may be.
//!
//! The tables are the States Language specification's and the developer guide's,
//! one file a state type; [`walk`] goes through a definition along them and tells
//! of every departure and every expression.

mod check;
mod choice;
mod machine;
mod map;
mod record;
mod retry;
mod shape;
mod simple;
mod task;
mod walk;

pub use self::record::{Field, Record};
pub use self::shape::Shape;
pub use self::walk::{Departure, Found, Language, Site, Slot, walk};
