//! A saga from its start to its end: real handlers, services, time that need not be waited for, faults.
//!
//! [`Prepared`] is a compiled saga with the names of this machine in it. A [`Driver`] carries out what its
//! execution asks for on a [`Backend`], with [`Faults`] by step, and says how it [`Ended`].

mod backend;
mod call;
mod clock;
mod driver;
mod ending;
mod fault;
mod names;
mod prepared;
mod schema;

pub use backend::{Backend, Handlers, Integrations, Working};
pub use clock::Clock;
pub use driver::{Driver, RunError, Stop};
pub use ending::{Ended, Ending};
pub use fault::{Fault, FaultError, Faults};
pub use prepared::{PrepareError, Prepared};
pub use schema::Mismatch;
