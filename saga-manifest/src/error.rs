//! Declared errors: one declaration gives the `errorType` a handler reports, the `ErrorEquals` that
//! match it, how it is retried, and whether the step may have happened.

use serde::{Deserialize, Serialize};

/// An error that a call may answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeclaredError {
    /// The error's name, at most 256 characters.
    pub name: String,
    /// Whether the call may have had its effect.
    pub outcome: Outcome,
    /// Whether it speaks of all attempts of the call, where others speak of their own: a fence has seen them, or a
    /// condition that holds for what the call itself has written has failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
    /// Why this call's author says so, where the error's declaration says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How it is retried; else it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetryPolicy>,
}

/// What an error says about the effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A known failure: the call had no effect, if no earlier attempt's outcome was unknown.
    NotDone,
    /// The call may have had its effect.
    Unknown,
}

/// A retrier's policy. Defaults of the language: interval 1 s, 3 attempts, rate 2.0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetryPolicy {
    /// Seconds before the first retry, from 1.
    pub interval_seconds: u32,
    /// Retries at most; 0 means none.
    pub max_attempts: u32,
    /// The factor of the interval from one retry to the next, from 1.0.
    pub backoff_rate: f64,
    /// The interval's cap in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_delay_seconds: Option<u32>,
    /// Whether the interval is drawn between 0 and its value (`JitterStrategy: FULL`).
    #[serde(default)]
    pub jitter: bool,
}
