//! The guarantees, by the numbers they have in the design.

use std::fmt;

use serde::{Serialize, Serializer};

/// A guarantee that an exploration can find broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guarantee {
    /// 1
    Endings,
    /// 2
    Order,
    /// 3
    UnknownOutcomes,
    /// 4
    Idempotency,
    /// 5
    Data,
    /// 6
    FailedCompensations,
    /// 7
    Uncatchable,
    /// 8
    Bounds,
    /// 13
    Pivot,
    /// 14, which the design states for each resource
    Isolation,
}

impl Guarantee {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Endings,
        Self::Order,
        Self::UnknownOutcomes,
        Self::Idempotency,
        Self::Data,
        Self::FailedCompensations,
        Self::Uncatchable,
        Self::Bounds,
        Self::Pivot,
        Self::Isolation,
    ];

    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Endings => 1,
            Self::Order => 2,
            Self::UnknownOutcomes => 3,
            Self::Idempotency => 4,
            Self::Data => 5,
            Self::FailedCompensations => 6,
            Self::Uncatchable => 7,
            Self::Bounds => 8,
            Self::Pivot => 13,
            Self::Isolation => 14,
        }
    }

    /// What it says.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Endings => "every path ends completed, compensated or parked",
            Self::Order => {
                "compensations run in the reverse order of their steps, siblings settled first"
            }
            Self::UnknownOutcomes => {
                "a step with an unknown outcome is compensated, one that surely did not happen is not"
            }
            Self::Idempotency => {
                "do and undo are idempotent, under a key that is stable and a step instance's own"
            }
            Self::Data => "a compensation reads only data that exists whenever it can run",
            Self::FailedCompensations => {
                "a compensation's failure is bounded by retries, then parked, never swallowed"
            }
            Self::Uncatchable => "no exit that cannot be caught skips a compensation",
            Self::Bounds => {
                "every wait is bounded, and a task waits longer than what it calls may take"
            }
            Self::Pivot => {
                "a pivot whose outcome is unknown is neither undone nor passed over, and nothing is undone after it"
            }
            Self::Isolation => {
                "where a table states how sagas are kept apart, they are: locks exclude and are given back, what was read still holds"
            }
        }
    }
}

impl fmt::Display for Guarantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "guarantee {}: {}", self.number(), self.words())
    }
}

impl Serialize for Guarantee {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

/// A guarantee that does not hold, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which.
    pub guarantee: Guarantee,
    /// What happened, in lower case.
    pub what: String,
    /// The state at which it shows.
    pub state: String,
}

impl Violation {
    pub(crate) fn new(
        guarantee: Guarantee,
        state: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        Self {
            guarantee,
            what: what.into(),
            state: state.into(),
        }
    }
}
