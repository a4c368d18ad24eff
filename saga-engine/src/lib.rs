//! An interpreter of the Amazon States Language without I/O.
//!
//! - [`program`]: a state machine made ready to run
//! - [`query`]: the value of templates, paths and expressions
//! - [`state`]: what each type of state does to data
//! - [`items`]: the items of a Map
//! - [`execution`]: events in, effects out
//! - [`trial`]: one state on its own
//! - [`history`]: the events of an execution, as AWS keeps them

pub mod execution;
pub mod fault;
pub mod history;
pub mod items;
pub mod limits;
pub mod program;
pub mod query;
pub mod random;
pub mod state;
pub mod time;
pub mod trial;
