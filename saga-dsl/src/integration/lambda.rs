//! Lambda: the call of a handler, and the errors of the service in front of it.

use std::time::Duration;

use saga_manifest::error::Outcome;
use saga_manifest::task::Task;

use crate::data::Literal;
use crate::error::ErrorKind;
use crate::handler::{
    BAD_EVENT, BAD_OUTPUT, Handler, PANIC, Registered, START_FAILED, UNKNOWN_HANDLER,
};
use crate::retry::Retry;
use crate::step::Prepared;

/// What Lambda, or the runtime around a handler, reports (developer guide of Step Functions, best
/// practices: transient Lambda service exceptions).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LambdaError {
    /// The invocation was rejected before the handler ran.
    Throttled,
    /// The function's process could not start: no handler ran.
    NotStarted,
    /// The service failed, before or after the handler ran.
    ServiceFailed,
    /// The function died: out of memory, out of time, killed.
    Crashed,
    /// The handler panicked.
    Panicked,
    /// The input was refused before the handler ran.
    BadEvent,
    /// The handler's answer could not be handed on.
    BadOutput,
}

impl ErrorKind for LambdaError {
    fn all() -> Vec<Self> {
        vec![
            Self::Throttled,
            Self::NotStarted,
            Self::ServiceFailed,
            Self::Crashed,
            Self::Panicked,
            Self::BadEvent,
            Self::BadOutput,
        ]
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Throttled => &["Lambda.TooManyRequestsException"],
            Self::NotStarted => &[START_FAILED, UNKNOWN_HANDLER],
            Self::ServiceFailed => &[
                "Lambda.ClientExecutionTimeoutException",
                "Lambda.ServiceException",
                "Lambda.AWSLambdaException",
                "Lambda.SdkClientException",
            ],
            Self::Crashed => &["Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError"],
            Self::Panicked => &[PANIC],
            Self::BadEvent => &[BAD_EVENT],
            Self::BadOutput => &[BAD_OUTPUT],
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::Throttled | Self::NotStarted | Self::BadEvent => Outcome::NotDone,
            Self::ServiceFailed | Self::Crashed | Self::Panicked | Self::BadOutput => {
                Outcome::Unknown
            }
        }
    }

    fn retry(self) -> Retry {
        match self {
            Self::Throttled | Self::NotStarted | Self::ServiceFailed => {
                Retry::after(Duration::from_secs(2)).times(6).backoff(2.0)
            }
            Self::Crashed | Self::Panicked | Self::BadEvent | Self::BadOutput => Retry::NEVER,
        }
    }
}

/// What the fence around a handler reports: `saga_fence` says what each of them means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FenceError {
    /// Another delivery of the step may still be at work.
    InProgress,
    /// The step may have been done by an earlier attempt, or its answer could not be kept.
    UnknownOutcome,
    /// The step was undone before this delivery came.
    LateDo,
    /// The fence could not be reached.
    Unavailable,
}

impl ErrorKind for FenceError {
    fn all() -> Vec<Self> {
        vec![
            Self::InProgress,
            Self::UnknownOutcome,
            Self::LateDo,
            Self::Unavailable,
        ]
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::InProgress => &[saga_fence::IN_PROGRESS],
            Self::UnknownOutcome => &[saga_fence::UNKNOWN_OUTCOME],
            Self::LateDo => &[saga_fence::LATE_DO],
            Self::Unavailable => &[saga_fence::UNAVAILABLE],
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::LateDo => Outcome::NotDone,
            Self::InProgress | Self::UnknownOutcome | Self::Unavailable => Outcome::Unknown,
        }
    }

    fn retry(self) -> Retry {
        let soon = Retry::after(Duration::from_secs(2)).backoff(2.0);
        match self {
            // In all more than the 15 minutes that a function may run: then the lease is over.
            Self::InProgress => soon.times(20).at_most(Duration::from_secs(60)),
            Self::Unavailable => soon.times(6),
            Self::UnknownOutcome | Self::LateDo => Retry::NEVER,
        }
    }
}

/// The call of a handler, for the derive's code.
#[doc(hidden)]
pub fn invoke<'s, H: Handler>(input: impl Literal<'s, Data = H> + 's) -> Prepared<'s, H> {
    Prepared::new(move |arena, recorder| {
        recorder.handler(Registered::of::<H>());
        Task::Lambda {
            handler: H::name(),
            input: input.write(arena).to_expr(),
        }
    })
}
