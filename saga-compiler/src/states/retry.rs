//! Retriers.

use saga_asl::json::Number;
use saga_asl::model::{JitterStrategy, Retrier};
use saga_manifest::error::RetryPolicy;

use crate::checked::dynamodb::CONDITION_FAILED;
use crate::checked::{Call, Step};

/// How the compiler's own messages to an operator are retried.
const PARKING: RetryPolicy = RetryPolicy {
    interval_seconds: 1,
    max_attempts: 3,
    backoff_rate: 2.0,
    max_delay_seconds: None,
    jitter: true,
};

/// Seconds after which a seal is tried again whose step's handler is at work, and then twice as many.
const AT_WORK: u64 = 2;

/// The errors with which Step Functions does not start an execution, or nobody knows whether it has.
const NOT_STARTED: [&str; 5] = [
    "StepFunctions.ThrottlingException",
    "StepFunctions.ExecutionLimitExceededException",
    "StepFunctions.ExecutionLimitExceeded",
    "StepFunctions.AWSStepFunctionsException",
    "StepFunctions.SdkClientException",
];

/// A call's retriers: errors of one policy together, in the order they are declared, then the rest.
pub(super) fn of_call(call: &Call<'_>) -> Vec<Retrier> {
    of_errors(call, &["States.ALL"], |_| true)
}

/// The retriers of a call that runs a saga. Its execution is started once: asking again is for a start that
/// failed, and finds the execution where that was not so.
pub(super) fn of_start(call: &Call<'_>) -> Vec<Retrier> {
    of_errors(call, &NOT_STARTED, |error| {
        error.starts_with("StepFunctions.")
    })
}

/// The retriers of a declared error each that `counts`, and of the `others`.
fn of_errors(call: &Call<'_>, others: &[&str], counts: impl Fn(&str) -> bool) -> Vec<Retrier> {
    let mut groups: Vec<(&RetryPolicy, Vec<&str>)> = Vec::new();
    for error in call.errors {
        let Some(policy) = &error.retry else { continue };
        if !counts(&error.name) {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == policy) {
            Some((_, names)) => names.push(&error.name),
            None => groups.push((policy, vec![&error.name])),
        }
    }
    groups.extend(call.retry_others.map(|policy| (policy, others.to_vec())));
    groups
        .into_iter()
        .map(|(policy, names)| retrier(policy, &names))
        .collect()
}

/// The retriers of an undo or a release whose condition says that there is nothing to do: that is no failure,
/// and asking again would not change the answer.
pub(super) fn of_conditional(call: &Call<'_>) -> Vec<Retrier> {
    let settled = never(vec![CONDITION_FAILED.to_owned()]);
    std::iter::once(settled).chain(of_call(call)).collect()
}

/// The retriers of a question about an execution, which `missing` answer.
pub(super) fn of_look(missing: Vec<String>) -> Vec<Retrier> {
    std::iter::once(never(missing))
        .chain(of_parking())
        .collect()
}

/// No retry of these errors: the first retrier that names an error is the one that counts.
fn never(errors: Vec<String>) -> Retrier {
    Retrier {
        error_equals: errors,
        max_attempts: Some(0),
        ..Retrier::default()
    }
}

/// How often a seal is tried again whose step's handler is at work: until that must be over, which it mostly is before
/// the first attempt.
pub(crate) fn of_seal_at_work(step: &Step<'_>) -> u64 {
    let longest = super::task::timeout(&step.call);
    let waited = |attempts: &u64| AT_WORK.saturating_mul((1 << *attempts) - 1);
    (1..=20)
        .find(|attempts| waited(attempts) > longest)
        .unwrap_or(20)
}

/// The retriers of a seal.
pub(super) fn of_seal(step: &Step<'_>) -> Vec<Retrier> {
    let policy = RetryPolicy {
        interval_seconds: u32::try_from(AT_WORK).unwrap_or(1),
        max_attempts: u32::try_from(of_seal_at_work(step)).unwrap_or(1),
        backoff_rate: 2.0,
        max_delay_seconds: None,
        jitter: false,
    };
    let at_work = retrier(&policy, &[CONDITION_FAILED]);
    std::iter::once(at_work).chain(of_parking()).collect()
}

/// The retriers of a parking message.
pub(super) fn of_parking() -> Vec<Retrier> {
    vec![retrier(&PARKING, &["States.ALL"])]
}

fn retrier(policy: &RetryPolicy, names: &[&str]) -> Retrier {
    Retrier {
        error_equals: names.iter().map(|name| (*name).to_owned()).collect(),
        interval_seconds: Some(policy.interval_seconds.into()),
        max_attempts: Some(policy.max_attempts.into()),
        // Written as 2.0, since some validators take a float only.
        backoff_rate: Some(Number::from(policy.backoff_rate)),
        max_delay_seconds: policy.max_delay_seconds.map(u64::from),
        jitter_strategy: policy.jitter.then_some(JitterStrategy::Full),
        ..Retrier::default()
    }
}
