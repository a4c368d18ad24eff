//! Questions that somebody answers.

use saga_manifest::place::Place;
use saga_manifest::step::Call;

use super::Approval;
use super::limit::Bounded;
use crate::diagnostic::{Diagnostic, Report};

/// Checks an approval's bounds: it is never waited for without end, and a sign of life comes before that.
pub(super) fn check(
    approval: &Approval<'_>,
    call: &Call,
    owner: &str,
    place: &Place,
    report: &mut Report,
) {
    if let Some(value) = approval.heartbeat_seconds {
        let heartbeat = Bounded {
            what: "heartbeat",
            unit: "seconds",
            value,
            range: 1..=call.timeout_seconds.saturating_sub(1).max(1),
        };
        heartbeat.check(owner, place, report);
    }
    if call
        .retry_others
        .as_ref()
        .is_some_and(|policy| policy.max_attempts > 0)
    {
        let message =
            format!("`{owner}` asks again after every failure, an answer that says no among them");
        let help = "declare the errors that are worth another question with a retry of their own";
        report.push(Diagnostic::new(message, help).at(place, "this call"));
    }
}
