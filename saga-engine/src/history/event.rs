use serde::{Deserialize, Serialize};

use super::Detail;
use crate::time::Timestamp;

/// An event of an execution's history.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HistoryEvent {
    /// Its number, from 1.
    pub id: u64,
    /// The number of the event that led to it; 0 for the first.
    pub previous: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub detail: Detail,
}
