//! A saga from its start to its end: real handlers, services, time that need not be waited for, faults.
//!
//! [`Prepared`] is a compiled saga with the names of this machine in it. A [`Driver`] carries out what its
//! execution asks for on a [`Backend`], with [`Faults`] by step, and says how it [`Ended`]. Executions that
//! its states start run beside it, on the same backend and clock; tokens that states wait for come back by
//! [`Answers`] or [`Callbacks`]. A [`Play`] is all of a saga: its execution, its recovery, a redrive.

mod address;
mod backend;
mod call;
mod callback;
mod chances;
mod clock;
mod driver;
mod ending;
mod events;
mod executions;
mod fault;
mod names;
mod nested;
mod play;
mod prepared;
mod recover;
mod schema;
mod work;

pub use address::{Address, Site};
pub use backend::{Backend, Handlers, Integrations, Working};
pub use callback::{Answer, AnswerError, Answers, CallbackError, Callbacks, Waiting};
pub use chances::Chances;
pub use clock::Clock;
pub use driver::{Driver, RunError, Stop};
pub use ending::{Ended, Ending, Nested};
pub use events::{EventDriver, EventError, Heard, Run as EventRun};
pub use executions::Seen;
pub use fault::{Fault, FaultError, Faults};
pub use names::substitutions;
pub use play::{Act, Audience, Play, Played};
pub use prepared::{PrepareError, Prepared, function};
pub use recover::Redriven;
pub use schema::{Mismatch, mismatches};
