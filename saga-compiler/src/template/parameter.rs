//! Parameters.

use super::alarm;
use crate::yaml::{Yaml, list, map};

/// Days that logs are kept.
pub(super) const LOG_RETENTION: &str = "LogRetentionDays";

/// The periods that CloudWatch Logs offers up to two years (API reference, `PutRetentionPolicy`).
const PERIODS: [u32; 15] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
];

pub(super) fn log_retention() -> (String, Yaml) {
    let parameter = map([
        ("Type", "Number".into()),
        ("Description", "Days that logs are kept.".into()),
        ("Default", 30_u32.into()),
        ("AllowedValues", list(PERIODS)),
    ]);
    (LOG_RETENTION.to_owned(), parameter)
}

pub(super) fn alarm_topic() -> Yaml {
    map([
        ("Type", "String".into()),
        (
            "Description",
            "ARN of a topic that alarms are sent to; `none`: they only show.".into(),
        ),
        ("Default", alarm::NO_TOPIC.into()),
    ])
}

/// A parameter without a default.
pub(super) fn text(description: &str) -> Yaml {
    map([
        ("Type", "String".into()),
        ("Description", description.into()),
    ])
}
