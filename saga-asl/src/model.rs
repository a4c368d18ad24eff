//! The language as types: a state machine and its states, one file a state type.
//!
//! To build one, fill in what you need and leave the rest to `Default`:
//!
//! ```
//! use saga_asl::json::object;
//! use saga_asl::model::{QueryLanguage, State, StateMachine, Task, Transition};
//!
//! let charge = Task {
//!     resource: "arn:aws:states:::lambda:invoke".into(),
//!     arguments: Some(object([("FunctionName", "charge".into())])),
//!     timeout_seconds: Some(30.into()),
//!     transition: Transition::End,
//!     ..Task::default()
//! };
//! let machine = StateMachine {
//!     query_language: Some(QueryLanguage::JsonAta),
//!     ..StateMachine::new("Charge", [("Charge", State::from(charge))])
//! };
//! assert!(machine.to_pretty().starts_with("{\n  \"QueryLanguage\": \"JSONata\""));
//! ```
//!
//! What was read keeps the author's order of fields and the fields the language
//! does not know ([`Layout`]), so reading and writing loses nothing.

mod catch;
mod choice;
mod codec;
mod condition;
mod fail;
mod layout;
mod machine;
mod map;
mod map_io;
mod parallel;
mod pass;
mod query_language;
mod read;
mod retry;
mod state;
mod succeed;
mod task;
mod transition;
mod value;
mod wait;
mod write;

pub use self::catch::Catcher;
pub use self::choice::{Choice, ChoiceRule};
pub use self::condition::{Comparison, Condition, Nested, Operator};
pub use self::fail::Fail;
pub use self::layout::Layout;
pub use self::machine::{Branch, StateMachine};
pub use self::map::{ExecutionType, ItemProcessor, Map, ProcessorConfig, ProcessorMode};
pub use self::map_io::{ItemBatcher, ItemReader, ResultWriter};
pub use self::parallel::Parallel;
pub use self::pass::Pass;
pub use self::query_language::QueryLanguage;
pub use self::read::ReadError;
pub use self::retry::{JitterStrategy, Retrier};
pub use self::state::State;
pub use self::succeed::Succeed;
pub use self::task::Task;
pub use self::transition::Transition;
pub use self::value::{DataPath, Dynamic};
pub use self::wait::{Wait, WaitUntil};
