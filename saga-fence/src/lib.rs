//! The protocol of fences: what makes the do and the undo of a step idempotent under retries,
//! duplicates, reordering, crashes and redrives.
//!
//! A fence is one [`Record`] per [`Key`]: saga id, step instance and, in a map, the item's path. Whoever
//! delivers a do or an undo goes through a [`Passage`], which asks for compare-and-swaps of that record
//! and says when to act and what to answer. A do costs two of them, an undo three at most, an undo
//! that comes before its do one.
//!
//! ```text
//! Delivery ─▶ arrive(record, delivery) ─▶ write (compare-and-swap) ─▶ act ─▶ settle(record, ended) ─▶ write ─▶ Reply
//! ```
//!
//! The rules are in [`arrive`] and [`settle`], one `match` each. Pure: no I/O, no clock. Who runs it brings the
//! store, the time and the work.

mod arrive;
mod delivery;
#[cfg(feature = "dynamodb")]
pub mod dynamodb;
mod key;
pub mod mark;
mod memory;
pub mod mutation;
mod passage;
mod record;
mod reply;
mod settle;
mod store;
pub mod table;

pub use arrive::{Decision, arrive};
pub use delivery::{Claim, Delivery, Order, Phase};
pub use key::Key;
pub use memory::Memory;
pub use passage::{Next, Passage, Swapped, Write};
pub use record::{Record, Stage};
pub use reply::{
    ALL_ERRORS, Ended, Failure, IN_PROGRESS, LATE_DO, Outcome, Reply, UNAVAILABLE, UNKNOWN_OUTCOME,
};
pub use settle::settle;
pub use store::{Store, pass};
