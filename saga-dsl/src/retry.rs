//! Retry policies.

use std::time::Duration;

use saga_manifest::error::RetryPolicy;

/// How failures are retried: `Retry::after(Duration::from_secs(2)).times(4).backoff(2.0)`.
///
/// Without more said: 3 retries, each after twice the time of the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    interval: Duration,
    max_attempts: u32,
    backoff_rate: f64,
    max_delay: Option<Duration>,
    jitter: bool,
}

impl Retry {
    /// No retry.
    pub const NEVER: Self = Self::after(Duration::from_secs(1)).times(0);

    /// The first retry comes after this interval: whole seconds, at least one.
    #[must_use]
    pub const fn after(interval: Duration) -> Self {
        Self {
            interval,
            max_attempts: 3,
            backoff_rate: 2.0,
            max_delay: None,
            jitter: false,
        }
    }

    /// Retries at most.
    #[must_use]
    pub const fn times(self, max_attempts: u32) -> Self {
        Self {
            max_attempts,
            ..self
        }
    }

    /// The factor of the interval from one retry to the next, from 1.0.
    #[must_use]
    pub const fn backoff(self, rate: f64) -> Self {
        Self {
            backoff_rate: rate,
            ..self
        }
    }

    /// The interval grows to this at most: whole seconds.
    #[must_use]
    pub const fn at_most(self, max_delay: Duration) -> Self {
        Self {
            max_delay: Some(max_delay),
            ..self
        }
    }

    /// Each interval is drawn anew between nothing and its value, so that those who failed together
    /// don't come back together.
    #[must_use]
    pub const fn jitter(self) -> Self {
        Self {
            jitter: true,
            ..self
        }
    }

    /// The policy as the manifest has it, or what is wrong with it.
    pub(crate) fn to_manifest(self) -> Result<RetryPolicy, &'static str> {
        if !(self.backoff_rate.is_finite() && self.backoff_rate >= 1.0) {
            return Err("a retry's backoff rate is at least 1.0");
        }
        Ok(RetryPolicy {
            interval_seconds: whole_seconds(self.interval)?,
            max_attempts: self.max_attempts,
            backoff_rate: self.backoff_rate,
            max_delay_seconds: self.max_delay.map(whole_seconds).transpose()?,
            jitter: self.jitter,
        })
    }
}

/// A duration as the language can state it.
pub(crate) fn whole_seconds(duration: Duration) -> Result<u32, &'static str> {
    match u32::try_from(duration.as_secs()) {
        Ok(seconds) if seconds > 0 && duration.subsec_nanos() == 0 => Ok(seconds),
        Ok(_) => Err("a duration is whole seconds, and at least one"),
        Err(_) => Err("a duration is less than 136 years"),
    }
}
