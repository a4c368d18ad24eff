//! When a failed state is tried again.

use super::Layout;
use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use crate::json::{Number, Value};

/// One entry of `Retry`. What is absent has AWS's default: 1 second, 3 retries, rate 2.0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Retrier {
    /// What it is for, for people.
    pub comment: Option<String>,
    /// The error names it retries.
    pub error_equals: Vec<String>,
    /// Seconds before the first retry, at least 1.
    pub interval_seconds: Option<u64>,
    /// How many retries; 0 means none.
    pub max_attempts: Option<u64>,
    /// What the interval is multiplied with for each further retry, at least 1.0.
    pub backoff_rate: Option<Number>,
    /// Seconds that the growing interval never exceeds.
    pub max_delay_seconds: Option<u64>,
    /// Whether the delay is randomised.
    pub jitter_strategy: Option<JitterStrategy>,
    /// The author's layout.
    pub layout: Layout,
}

/// Whether the delay before a retry is randomised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JitterStrategy {
    /// Anything from zero to the whole interval.
    Full,
    /// The interval itself.
    None,
}

impl JitterStrategy {
    /// The name as a definition has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::None => "NONE",
        }
    }
}

impl ToJson for JitterStrategy {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }
}

impl FromJson for JitterStrategy {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let known = [Self::Full, Self::None];
        let strategy = known
            .into_iter()
            .find(|known| value.as_str() == Some(known.as_str()));
        strategy.or_else(|| place.expected("`FULL` or `NONE`", value))
    }
}

impl ToJson for Retrier {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .optional("Comment", self.comment.as_ref())
            .required("ErrorEquals", &self.error_equals)
            .optional("IntervalSeconds", self.interval_seconds.as_ref())
            .optional("MaxAttempts", self.max_attempts.as_ref())
            .optional("BackoffRate", self.backoff_rate.as_ref())
            .optional("MaxDelaySeconds", self.max_delay_seconds.as_ref())
            .optional("JitterStrategy", self.jitter_strategy.as_ref())
            .finish()
    }
}

impl FromJson for Retrier {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let retrier = Self {
            comment: reader.optional("Comment"),
            error_equals: reader.required("ErrorEquals"),
            interval_seconds: reader.optional("IntervalSeconds"),
            max_attempts: reader.optional("MaxAttempts"),
            backoff_rate: reader.optional("BackoffRate"),
            max_delay_seconds: reader.optional("MaxDelaySeconds"),
            jitter_strategy: reader.optional("JitterStrategy"),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..retrier
        })
    }
}
