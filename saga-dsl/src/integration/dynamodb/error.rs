//! What DynamoDB answers when it did not do as told, in the words of what was asked for.

use std::time::Duration;

use saga_manifest::error::Outcome;

use crate::error::{ErrorKind, SagaError};
use crate::retry::Retry;

/// How often what another saga is in the way of is tried again: in all about a minute.
const CONTENDED: Retry = Retry::after(Duration::from_secs(2))
    .times(5)
    .backoff(2.0)
    .jitter();

/// How often what was refused for a moment is tried again.
const BRIEFLY: Retry = Retry::after(Duration::from_secs(1)).times(2).jitter();

/// Names as Step Functions' optimised integration reports them, which prefixes the service's own with `DynamoDB.`.
pub(crate) const CONDITION_FAILED: &[&str] = &["DynamoDB.ConditionalCheckFailedException"];

const THROTTLED: &[&str] = &[
    "DynamoDB.ProvisionedThroughputExceededException",
    "DynamoDB.RequestLimitExceededException",
    "DynamoDB.RequestLimitExceeded",
    "DynamoDB.ThrottlingException",
];

const FAILED: &[&str] = &[
    "DynamoDB.InternalServerErrorException",
    "DynamoDB.InternalServerError",
    "DynamoDB.ServiceUnavailable",
    "DynamoDB.SdkClientException",
];

/// How what was rejected, and what may have happened, is tried again.
const SERVICE: Retry = Retry::after(Duration::from_secs(1))
    .times(3)
    .backoff(2.0)
    .jitter();

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident {
        $($(#[$variant_doc:meta])* $variant:ident: $text:literal, $names:expr, $outcome:ident, $retry:expr;)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $text,)*
                })
            }
        }

        impl std::error::Error for $name {}

        impl SagaError for $name {
            type Kind = Self;

            fn kind(&self) -> Self {
                *self
            }
        }

        impl ErrorKind for $name {
            fn all() -> Vec<Self> {
                vec![$(Self::$variant,)*]
            }

            fn names(self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant => $names,)*
                }
            }

            fn outcome(self) -> Outcome {
                match self {
                    $(Self::$variant => Outcome::$outcome,)*
                }
            }

            fn retry(self) -> Retry {
                match self {
                    $(Self::$variant => $retry,)*
                }
            }
        }
    )*};
}

errors! {
    /// What DynamoDB answers when it did not do as told.
    DynamodbError {
        /// The condition does not hold: nothing was written.
        ConditionalCheckFailed: "the condition does not hold", CONDITION_FAILED, NotDone, Retry::NEVER;
        /// Too many requests: this one was rejected.
        Throttled: "too many requests", THROTTLED, NotDone, SERVICE;
        /// The service failed: it may have written.
        ServerError: "the service failed", FAILED, Unknown, SERVICE;
    }

    /// Why a lock was not taken.
    LockError {
        /// Another saga holds it, or there is no such item, or the author's condition does not hold.
        Held: "another saga holds the lock, or there is nothing to lock", CONDITION_FAILED, NotDone, CONTENDED;
        /// Too many requests: this one was rejected.
        Throttled: "too many requests", THROTTLED, NotDone, SERVICE;
        /// The service failed: the lock may be taken.
        ServerError: "the service failed", FAILED, Unknown, SERVICE;
    }

    /// Why a lock was not given back. One that the saga does not hold is given back.
    ReleaseError {
        /// Too many requests: this one was rejected.
        Throttled: "too many requests", THROTTLED, NotDone, SERVICE;
        /// The service failed: the lock may be given back.
        ServerError: "the service failed", FAILED, Unknown, SERVICE;
    }

    /// Why an item was not changed from the version that was read.
    VersionError {
        /// It has another version by now, or the author's condition does not hold.
        Changed: "the item was changed since it was read", CONDITION_FAILED, NotDone, Retry::NEVER;
        /// Too many requests: this one was rejected.
        Throttled: "too many requests", THROTTLED, NotDone, SERVICE;
        /// The service failed: the item may be changed. Not tried again, for the answer to another try would
        /// leave open whose change it found; so the step is undone.
        ServerError: "the service failed", FAILED, Unknown, Retry::NEVER;
    }

    /// Why a number was not changed.
    AmountError {
        /// It would not be within its bound, or is not there, or the author's condition does not hold. Tried
        /// again at once, since a saga that ends at the same moment may be in the way.
        OutOfBounds: "the number would be out of bounds", CONDITION_FAILED, NotDone, BRIEFLY;
        /// Too many requests: this one was rejected.
        Throttled: "too many requests", THROTTLED, NotDone, SERVICE;
        /// The service failed: the number may be changed.
        ServerError: "the service failed", FAILED, Unknown, SERVICE;
    }
}
