//! Names by which deliveries of one step are told apart, and what a saga leaves in the items that it writes.
//!
//! Everything else that a call sends is the same for every attempt, and for the parked form that repeats it.

/// The field of a payload's `saga` that counts attempts.
pub const ATTEMPT: &str = "attempt";

/// The field of a payload's `saga` that puts a delivery into its place among all of its step ([`crate::Order`]).
pub const FENCE: &str = "fence";

/// The attribute that names the saga which put an item.
pub const SAGA_ID: &str = "saga_id";

/// The attribute that names the step instance, with its item's path, which put an item.
pub const SAGA_STEP: &str = "saga_step";

/// The attribute of an item whose step was undone: a late do finds it and writes nothing.
pub const SAGA_UNDONE: &str = "saga_undone";

/// The attribute that says, in milliseconds since 1970, what comes too late: of an item that was put, when the
/// state was entered that wrote it last, so that a put that is delivered late does not overwrite what its saga
/// wrote later; of others, when a lock was last given back or a change of a number became final, so that what
/// was sent before does nothing any more.
pub const SAGA_AT: &str = "saga_at";

/// The value, in an expression of DynamoDB's, that is the time at which a fence is sealed.
pub const NOW: &str = "now";

/// Whether what has this name differs from one attempt to the next. A name may stand for a value of a
/// DynamoDB expression (`:saga_at`).
#[must_use]
pub fn differs_between_attempts(name: &str) -> bool {
    let name = name.strip_prefix(':').unwrap_or(name);
    [ATTEMPT, FENCE, SAGA_AT, NOW].contains(&name)
}
