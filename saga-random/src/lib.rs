//! Random sagas, and their executions against a ledger. For tests only.
//!
//! [`saga`] makes a manifest from a seed: sagas that run sagas, of steps that call handlers with fences and
//! without, write rows, send messages, ask questions, in parallels, choices, maps, savepoints and pauses,
//! each of which reads what it may. [`run`] lets emitted definitions run on the engine: a [`world`] answers
//! their tasks, or fails them before or after their effect, in a random order, or lets them come late; a
//! [`ledger`] notes what was done and undone; and [`guarantee`] says what of DESIGN's guarantees it breaks,
//! from the manifest alone and not from the definition. [`shape`] says what a saga is made of.
//!
//! [`service`] is another world: handlers behind fences, with planned faults, that both targets can run
//! against. [`machine`] lets a definition do so, and [`bus`] a choreography, over a bus that delivers
//! when and as often as it likes.

pub mod bus;
mod carry_out;
pub mod dice;
pub mod executions;
pub mod fault;
pub mod fence;
pub mod flow;
pub mod guarantee;
pub mod input;
mod isolation;
pub mod items;
pub mod ledger;
pub mod machine;
pub mod nested;
pub mod order;
pub mod reads;
pub mod rows;
pub mod run;
pub mod saga;
pub mod service;
pub mod shape;
mod step;
pub mod task;
mod test;
pub mod work;
pub mod world;
