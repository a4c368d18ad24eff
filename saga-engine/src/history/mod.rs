//! The history of an execution, event by event, as AWS keeps it.

mod detail;
mod event;
mod render;

pub use detail::{Detail, Family, StateType};
pub use event::HistoryEvent;
