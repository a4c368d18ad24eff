//! Random sagas, and their executions against a ledger. For tests only.
//!
//! [`saga`] makes a manifest from a seed: steps of all kinds in parallels, choices, maps, savepoints
//! and pauses, each of which reads what it may. [`run`] lets an emitted definition run on the engine:
//! a [`world`] answers its tasks, or fails them before or after their effect, in a random order; a
//! [`ledger`] notes what was done and undone; and [`guarantee`] says what of DESIGN's guarantees it
//! breaks, from the manifest alone and not from the definition.
//!
//! [`service`] is another world: handlers behind fences, with planned faults, that both targets can run
//! against. [`machine`] lets a definition do so, and [`bus`] a choreography, over a bus that delivers
//! when and as often as it likes.

pub mod bus;
pub mod dice;
pub mod flow;
pub mod guarantee;
pub mod input;
pub mod ledger;
pub mod machine;
pub mod order;
pub mod reads;
pub mod run;
pub mod saga;
pub mod service;
pub mod world;
