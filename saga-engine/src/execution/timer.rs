use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::flow::FlowId;
use crate::time::Timestamp;

/// An instant that something waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Timer {
    pub(super) at: Timestamp,
    /// Of two at the same instant the one set first comes first.
    order: u64,
    pub(super) flow: FlowId,
    pub(super) alarm: Alarm,
}

/// What it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Alarm {
    /// A Wait state's end.
    Wait,
    /// The next attempt.
    Retry,
    /// A task's timeout.
    Timeout,
    /// A heartbeat that did not come.
    Heartbeat,
    /// The machine's timeout.
    Execution,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Timers {
    set: BTreeSet<Timer>,
    order: u64,
}

impl Timers {
    pub(super) fn add(&mut self, at: Timestamp, flow: FlowId, alarm: Alarm) -> Timer {
        self.order += 1;
        let timer = Timer {
            at,
            order: self.order,
            flow,
            alarm,
        };
        self.set.insert(timer);
        timer
    }

    pub(super) fn cancel(&mut self, timer: Option<Timer>) {
        if let Some(timer) = timer {
            self.set.remove(&timer);
        }
    }

    pub(super) fn next(&self) -> Option<Timestamp> {
        self.set.first().map(|timer| timer.at)
    }

    /// Takes out the next timer that is due at `now`.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Timer> {
        let due = self.set.first().is_some_and(|timer| timer.at <= now);
        due.then(|| self.set.pop_first())?
    }

    pub(super) fn clear(&mut self) {
        self.set.clear();
    }
}
