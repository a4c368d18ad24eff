//! Time, as a saga is told it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use saga_engine::time::Timestamp;

/// How time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// As on this machine's clock.
    Real,
    /// As on this machine's clock while something is at work, and at once while nothing is: a retry's
    /// interval takes no time. So many milliseconds were skipped so far.
    Skipping(i64),
    /// The same, but nothing is skipped at once: a wait takes so long at most. For those who are not at
    /// work and whom somebody must wait for: a lease that a dead process holds, a delivery under way.
    Hurrying {
        /// So many milliseconds were skipped so far.
        skipped: i64,
        /// How long a wait takes at most.
        longest: Duration,
    },
    /// Only when nothing is at work, and then at once. The time it is.
    Virtual(Timestamp),
}

impl Clock {
    /// A clock that skips waits, and has skipped none.
    #[must_use]
    pub fn skipping() -> Self {
        Self::Skipping(0)
    }

    /// A clock whose waits take so long at most, and that has skipped nothing.
    #[must_use]
    pub fn hurrying(longest: Duration) -> Self {
        Self::Hurrying {
            skipped: 0,
            longest,
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Real => machine_time(),
            Self::Skipping(skipped) | Self::Hurrying { skipped, .. } => machine_time() + *skipped,
            Self::Virtual(now) => *now,
        }
    }

    /// Goes on to an instant, if it is before that.
    pub fn reach(&mut self, instant: Timestamp) {
        let left = instant.since(self.now()).max(0);
        match self {
            Self::Real => {}
            Self::Skipping(skipped) | Self::Hurrying { skipped, .. } => *skipped += left,
            Self::Virtual(now) => *now = (*now).max(instant),
        }
    }

    /// Waits until an instant while something is at work: forever on a virtual clock, which stands still.
    pub(super) async fn while_at_work(&self, until: Option<Timestamp>) {
        match (self, until) {
            (Self::Virtual(_), _) | (_, None) => std::future::pending().await,
            (_, Some(until)) => sleep(until.since(self.now())).await,
        }
    }

    /// Waits until an instant while nothing is at work.
    pub(super) async fn idle_until(&mut self, until: Timestamp) {
        let left = until.since(self.now());
        match self {
            Self::Real => sleep(left).await,
            Self::Hurrying { longest, .. } => {
                sleep(left.min(i64::try_from(longest.as_millis()).unwrap_or(i64::MAX))).await;
            }
            Self::Skipping(_) | Self::Virtual(_) => {}
        }
        self.reach(until);
    }
}

async fn sleep(millis: i64) {
    tokio::time::sleep(Duration::from_millis(
        u64::try_from(millis).unwrap_or_default(),
    ))
    .await;
}

fn machine_time() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
