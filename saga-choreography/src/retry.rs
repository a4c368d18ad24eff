//! Whether a failed attempt is followed by another one, and when.

use saga_fence::Failure;
use saga_manifest::error::{DeclaredError, Outcome, RetryPolicy};
use saga_manifest::step::Call;

use crate::record::Task;
use crate::version::hash;

/// Milliseconds until the next attempt, which the task then counts; none where the policies are used up.
/// Errors of one policy share its retries, as those of one retrier do (States Language, retriers).
pub(crate) fn next(task: &mut Task, call: &Call, error: &str, saga: &str) -> Option<u64> {
    let (place, policy) = policy(call, error)?;
    let used = task.retries.entry(place).or_default();
    if *used >= policy.max_attempts {
        return None;
    }
    let delay = delay(policy, *used);
    *used += 1;
    Some(match policy.jitter {
        true => hash(&format!("{saga}/{error}/{used}")) % (delay + 1),
        false => delay,
    })
}

/// How often a task waits for other deliveries of it. Each may be at work for as long as a function runs; without an
/// end to it, duplicates of one that dies each time would keep each other waiting for ever.
const WAITS: u32 = 8;

/// Whether a task that met another delivery at work is asked for again when that must be over. Else the time of its
/// attempt runs out.
pub(crate) fn may_wait(task: &mut Task) -> bool {
    task.waits += 1;
    task.waits <= WAITS
}

/// Whether an attempt of which nothing is known may be followed by another one. Then a refusal of a later attempt is
/// not believed, as on Step Functions, where a state machine can ask for nothing but how often it retried.
pub(crate) fn repeats_unknown(call: &Call) -> bool {
    let repeats = |policy: &RetryPolicy| policy.max_attempts > 0;
    let unknown = |error: &&DeclaredError| error.outcome == Outcome::Unknown;
    let mut own = call.errors.iter().filter(unknown);
    call.retry_others.as_ref().is_some_and(repeats)
        || own.any(|error| error.retry.as_ref().is_some_and(repeats))
}

/// Whether a refusal speaks of all attempts: a fence has seen them, and lets no earlier one act any more.
pub(crate) fn is_settled(call: &Call, failure: &Failure) -> bool {
    let says_so = |known: &DeclaredError| known.settled && known.name == failure.name;
    failure.outcome == saga_fence::Outcome::NotDone && call.errors.iter().any(says_so)
}

/// The policy of an error, and its place among the call's.
fn policy<'c>(call: &'c Call, error: &str) -> Option<(usize, &'c RetryPolicy)> {
    let policies = || call.errors.iter().filter_map(|known| known.retry.as_ref());
    let own = call.errors.iter().find(|known| known.name == error);
    match own.and_then(|own| own.retry.as_ref()) {
        Some(policy) => Some((policies().position(|known| known == policy)?, policy)),
        None => Some((call.errors.len(), call.retry_others.as_ref()?)),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a delay is positive, and a cast saturates"
)]
fn delay(policy: &RetryPolicy, used: u32) -> u64 {
    let rate = policy.backoff_rate.powf(f64::from(used));
    let seconds = f64::from(policy.interval_seconds) * rate;
    let longest = policy.max_delay_seconds.map_or(f64::MAX, f64::from);
    (seconds.min(longest) * 1_000.0) as u64
}
