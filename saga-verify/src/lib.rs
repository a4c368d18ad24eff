//! Explores every failure of a saga's state machine and checks its guarantees. Pure: nothing is read,
//! written or waited for.
//!
//! [`verify()`] is the pipeline:
//!
//! definition ─`machine`→ program with what is known of its states ─`scene`, with a [`model`]→ tasks with their
//! faults ─`explore`→ distinct states, each a `world`: execution and `ledger`; every step and end under `check`
//! ─`trace`, `bounds`→ [`Verdict`]
//!
//! It sees a definition and what its tasks are for, and nothing of the compiler: what that does wrong is found.

mod bounds;
mod check;
mod explore;
mod fault;
mod fences;
mod guarantee;
mod identity;
mod ledger;
mod machine;
pub mod model;
mod names;
mod predict;
mod report;
mod rows;
pub mod sample;
mod scene;
mod settled;
mod trace;
mod verify;
mod world;

pub use bounds::Bounds;
pub use explore::Endings;
pub use fault::FaultKind;
pub use guarantee::{Guarantee, Violation};
pub use ledger::Account;
pub use model::Model;
pub use predict::{Fenced, Injection, Oracle, Prediction};
pub use report::{Certificate, Counterexample, TaskFaults, TestCode, Verdict};
pub use trace::{InjectedFault, Step};
pub use verify::{Options, VerifyError, verify, watch};
