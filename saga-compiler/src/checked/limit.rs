//! Limits of AWS that a manifest can exceed.

use std::ops::RangeInclusive;

use saga_manifest::handler::Handler;
use saga_manifest::place::Place;
use saga_manifest::resource::Queue;

use crate::diagnostic::{Diagnostic, Report};

/// The longest name of a state, in characters (Step Functions quotas).
pub(crate) const STATE_NAME: usize = 80;

/// A number with a unit that must lie in a range.
pub(super) struct Bounded<'a> {
    pub(super) what: &'a str,
    pub(super) unit: &'a str,
    pub(super) value: u32,
    pub(super) range: RangeInclusive<u32>,
}

impl Bounded<'_> {
    /// Notes a mistake where the number is out of its range.
    pub(super) fn check(self, owner: &str, place: &Place, report: &mut Report) {
        if let Some(mistake) = self.mistake(owner) {
            report.push(mistake.at(place, "here"));
        }
    }

    /// What is wrong with the number, if something is.
    pub(super) fn mistake(self, owner: &str) -> Option<Diagnostic> {
        let Self {
            what,
            unit,
            value,
            range,
        } = self;
        if range.contains(&value) {
            return None;
        }
        let message = format!("the {what} of `{owner}` is {value} {unit}");
        let help = format!("choose {} to {} {unit}", range.start(), range.end());
        Some(Diagnostic::new(message, help))
    }
}

/// What Lambda takes as a function's memory, in MiB.
pub(super) fn memory(value: u32) -> Bounded<'static> {
    Bounded {
        what: "memory",
        unit: "MiB",
        value,
        range: 128..=10_240,
    }
}

/// Checks what Lambda bounds (Lambda quotas).
pub(super) fn check_handler(handler: &Handler, report: &mut Report) {
    let timeout = Bounded {
        what: "timeout",
        unit: "seconds",
        value: handler.timeout_seconds,
        range: 1..=900,
    };
    timeout.check(&handler.name, &handler.place, report);
    if let Some(value) = handler.memory_mib {
        memory(value).check(&handler.name, &handler.place, report);
    }
}

/// Checks what SQS bounds (SQS API reference, `SetQueueAttributes`).
pub(super) fn check_queue(queue: &Queue, report: &mut Report) {
    let visibility = Bounded {
        what: "visibility timeout",
        unit: "seconds",
        value: queue.visibility_timeout_seconds,
        range: 0..=43_200,
    };
    visibility.check(&queue.name, &queue.place, report);
    let retention = Bounded {
        what: "retention",
        unit: "seconds",
        value: queue.retention_seconds,
        range: 60..=1_209_600,
    };
    retention.check(&queue.name, &queue.place, report);
    if let Some(value) = queue.dead_letter_after {
        let receives = Bounded {
            what: "maximum of receives",
            unit: "receives",
            value,
            range: 1..=1_000,
        };
        receives.check(&queue.name, &queue.place, report);
    }
}
