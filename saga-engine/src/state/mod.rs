//! What each type of state does to data: functions of a state and a scope, without memory.

mod catch;
mod choice;
mod fail;
mod process;
mod retry;
mod wait;

pub use catch::{Caught, catch};
pub use choice::{Chosen, choose};
pub(crate) use choice::{booleans, is_timestamp, numbers, strings, timestamps};
pub use fail::fail;
pub use process::{Finished, arguments, effective_input, finish, pass};
pub use retry::{backoff, retrier_for};
pub use wait::wait_until;
