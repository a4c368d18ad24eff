//! A saga without an orchestrator: its steps subscribe to events, and publish what comes next.
//!
//! All that a saga has come to is one [`Record`]: which steps were asked for, what they answered, what was
//! undone. Whoever serves a step hears an [`Event`], lets the handler act under its fence (`saga_fence`),
//! and then writes one record in the place of another: what follows and the events that say so are in the same
//! item, so neither is there without the other. Nobody conducts: a record is data, and any of the
//! services writes the next one.
//!
//! ```text
//! Event ─▶ fence ─▶ handler ─▶ Happened ─▶ Choreography::advance(record, happened) ─▶ record with its outbox ─▶ Event …
//! ```
//!
//! A record only gains facts, and what follows is derived from all of them each time (`follow`): so events may come
//! twice, late and in any order. Joins need no counters, and an undo that overtakes its do meets the fence.
//! Pure: no I/O, no clock. The manifest's saga is what is followed; [`Choreography::of`] says what it refuses.

mod advance;
mod cause;
mod check;
pub mod evaluate;
mod event;
mod follow;
pub mod item;
pub mod names;
mod record;
mod retry;
mod version;
mod view;

pub use advance::{Happened, Outcome};
pub use cause::Told;
pub use check::{Choreography, Refusal};
pub use event::{Action, Event, Malformed};
pub use record::{Ended, Error, Fact, Message, Pause, Record, Stage, Task};
pub use version::hash;
pub use view::view;
