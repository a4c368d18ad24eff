//! AWS's quotas (developer guide, "Step Functions service quotas").

/// The most bytes that an input, an output or a result may have.
pub const PAYLOAD_BYTES: usize = 262_144;

/// The event at which a Standard execution fails for having too many.
pub const HISTORY_EVENTS: u64 = 25_000;

/// How many iterations of an inline Map run at once at most.
pub const INLINE_CONCURRENCY: usize = 40;

/// How many child executions of a distributed Map run at once at most.
pub const DISTRIBUTED_CONCURRENCY: usize = 10_000;

/// The longest wait in seconds: what 31 bits hold, about 24,855 days.
pub const WAIT_SECONDS: i64 = 2_147_483_647;

/// How long an Express execution runs at most, in seconds.
pub const EXPRESS_SECONDS: f64 = 300.0;

/// The longest name of an error, in characters.
pub const ERROR_CHARACTERS: usize = 256;

/// The longest cause of an error, in characters.
pub const CAUSE_CHARACTERS: usize = 32_768;
