//! Declared errors and retry policies.

use std::collections::BTreeSet;

use saga_manifest::error::{DeclaredError, Outcome, RetryPolicy};
use saga_manifest::place::Place;
use saga_manifest::step::Call;

use super::limit::Bounded;
use crate::diagnostic::{Diagnostic, Report};

/// The longest name of an error, in characters (Step Functions quotas).
const ERROR_NAME: usize = 256;

/// The largest interval and number of attempts (States Language specification, retriers).
const LARGEST: u32 = 99_999_999;

/// The largest `MaxDelaySeconds`: below a year of 366 days (Step Functions developer guide).
const LONGEST_DELAY: u32 = 31_622_399;

/// Names that say nothing about the effect: an author who knows better says why.
const SELDOM_KNOWN: [&str; 3] = [
    "States.Timeout",
    "States.HeartbeatTimeout",
    "States.TaskFailed",
];

/// Names of what happens after the effect, so that no error so called is known not to have happened.
const NEVER_KNOWN: [&str; 2] = ["States.QueryEvaluationError", "States.DataLimitExceeded"];

/// Checks a call's errors and policies.
pub(super) fn check(call: &Call, owner: &str, place: &Place, report: &mut Report) {
    let mut names = BTreeSet::new();
    for error in &call.errors {
        check_name(error, owner, place, report);
        check_reason(error, owner, place, report);
        if !names.insert(error.name.as_str()) {
            let message = format!("`{owner}` declares the error `{}` twice", error.name);
            let help = "name each variant's error once";
            report.push(Diagnostic::new(message, help).at(place, "this call"));
        }
    }
    let policies = call.errors.iter().filter_map(|error| error.retry.as_ref());
    for policy in policies.chain(&call.retry_others) {
        check_policy(policy, owner, place, report);
    }
}

fn check_name(error: &DeclaredError, owner: &str, place: &Place, report: &mut Report) {
    let name = &error.name;
    let help = "declare it with another name";
    let message = if name.is_empty() || name.chars().count() > ERROR_NAME {
        format!("`{owner}` declares an error whose name is not 1 to {ERROR_NAME} characters long")
    } else if name == "States.ALL" || name == "States.Runtime" {
        format!("`{owner}` declares the error `{name}`, which the language reserves")
    } else if error.outcome == Outcome::NotDone && says_nothing(error) {
        format!("`{owner}` declares `{name}` as not done, and it says nothing about the effect")
    } else {
        return;
    };
    report.push(Diagnostic::new(message, help).at(place, "this call"));
}

/// Whether an error's name leaves open what happened, and nobody says why it is known after all.
fn says_nothing(error: &DeclaredError) -> bool {
    let name = error.name.as_str();
    NEVER_KNOWN.contains(&name) || SELDOM_KNOWN.contains(&name) && error.reason.is_none()
}

/// An outcome that is not the declared one has a reason that the definition can show.
fn check_reason(error: &DeclaredError, owner: &str, place: &Place, report: &mut Report) {
    if error
        .reason
        .as_deref()
        .is_some_and(|reason| reason.trim().is_empty())
    {
        let message = format!("`{owner}` says otherwise of `{}`, and not why", error.name);
        let help = "write the reason: whoever reads the definition sees it there";
        report.push(Diagnostic::new(message, help).at(place, "this call"));
    }
}

fn check_policy(policy: &RetryPolicy, owner: &str, place: &Place, report: &mut Report) {
    let interval = Bounded {
        what: "retry interval",
        unit: "seconds",
        value: policy.interval_seconds,
        range: 1..=LARGEST,
    };
    interval.check(owner, place, report);
    let attempts = Bounded {
        what: "number of retries",
        unit: "retries",
        value: policy.max_attempts,
        range: 0..=LARGEST,
    };
    attempts.check(owner, place, report);
    if let Some(value) = policy.max_delay_seconds {
        let delay = Bounded {
            what: "longest retry interval",
            unit: "seconds",
            value,
            range: policy.interval_seconds.saturating_add(1)..=LONGEST_DELAY,
        };
        delay.check(owner, place, report);
    }
    check_rate(policy, owner, place, report);
}

fn check_rate(policy: &RetryPolicy, owner: &str, place: &Place, report: &mut Report) {
    if !(policy.backoff_rate >= 1.0 && policy.backoff_rate.is_finite()) {
        let message = format!("the backoff rate of `{owner}` is {}", policy.backoff_rate);
        let help = "choose a factor from 1.0";
        report.push(Diagnostic::new(message, help).at(place, "this call"));
    }
}
