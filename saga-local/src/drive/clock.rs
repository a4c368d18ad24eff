use std::time::{Duration, SystemTime, UNIX_EPOCH};

use saga_engine::time::Timestamp;

/// Time, as an execution is told it.
pub trait Clock {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Comes back at `instant`, or at once if that has passed.
    fn wait_until(&mut self, instant: Timestamp);
}

/// Time that passes only while something is waited for, and then at once.
#[derive(Clone, Copy, Debug)]
pub struct VirtualClock(pub Timestamp);

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn wait_until(&mut self, instant: Timestamp) {
        self.0 = self.0.max(instant);
    }
}

/// This machine's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn wait_until(&mut self, instant: Timestamp) {
        let millis = u64::try_from(instant.since(self.now())).unwrap_or(0);
        std::thread::sleep(Duration::from_millis(millis));
    }
}
