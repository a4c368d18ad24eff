//! One delivery of a do or an undo to its handler.

use serde::{Deserialize, Serialize};

/// A delivery at the moment it arrives, or is looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What it asks for.
    pub phase: Phase,
    /// Its place among all deliveries of this phase.
    pub order: Order,
    /// What no other delivery has, and every look at this one has: the Lambda request's id.
    pub id: String,
    /// Now, in milliseconds since 1970.
    pub now: u64,
    /// Until when its handler may run, in milliseconds since 1970: nothing acts for it later.
    pub until: u64,
}

/// What a delivery asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// To do the step.
    Do,
    /// To undo it.
    Undo,
    /// To let nothing be done any more, but not to undo it yet: how recovery begins.
    Seal,
}

/// Deliveries in the order in which the state machine made them. Duplicates are equal. Once a later one was
/// made, nobody waits for the answer of an earlier one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Order {
    /// When the state was entered, in milliseconds since 1970 (`State.EnteredTime` of the context object).
    pub entered: u64,
    /// How often the execution had been redriven (`Execution.RedriveCount`): a redrive may go on in a
    /// state without entering it.
    pub redrive: u32,
    /// How often the state had been retried (`State.RetryCount`).
    pub attempt: u32,
}

/// The delivery that a record speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Claim {
    /// [`Delivery::id`].
    pub id: String,
    /// [`Delivery::order`].
    pub order: Order,
    /// [`Delivery::until`]: the lease.
    pub until: u64,
}

impl Delivery {
    pub(crate) fn claim(&self) -> Claim {
        Claim {
            id: self.id.clone(),
            order: self.order,
            until: self.until,
        }
    }
}
