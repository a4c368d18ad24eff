//! Retriers and catchers.

use super::record::{COMMENT, Field, Record, field, jsonata, jsonpath};
use super::shape::{MAX_SECONDS, Shape};
use super::walk::Site;

/// At most so many retries (developer guide, "Error handling": MaxAttempts).
const MAX_ATTEMPTS: i64 = 99_999_999;

/// Growing delays stay below 365 days (developer guide, "Error handling": MaxDelaySeconds).
const MAX_DELAY_SECONDS: i64 = 31_622_400;

pub(super) const RETRY: Field = field("Retry", Shape::List(&RETRIER, 0));
pub(super) const CATCH: Field = field("Catch", Shape::List(&CATCHER, 0));

static RETRIER: Record = Record {
    what: "a retrier",
    fields: &[
        COMMENT,
        field("ErrorEquals", Shape::ErrorNames).required(),
        field(
            "IntervalSeconds",
            Shape::Whole {
                min: 1,
                max: MAX_SECONDS,
            },
        ),
        field(
            "MaxAttempts",
            Shape::Whole {
                min: 0,
                max: MAX_ATTEMPTS,
            },
        ),
        field(
            "BackoffRate",
            Shape::Number {
                min: 1.0,
                max: f64::INFINITY,
            },
        ),
        field(
            "MaxDelaySeconds",
            Shape::Whole {
                min: 1,
                max: MAX_DELAY_SECONDS,
            },
        ),
        field("JitterStrategy", Shape::OneOf(&["FULL", "NONE"])),
    ],
    exclusive: &[],
    one_of: &[],
};

static CATCHER: Record = Record {
    what: "a catcher",
    fields: &[
        COMMENT,
        field("ErrorEquals", Shape::ErrorNames).required(),
        field("Assign", Shape::Assign).at(Site::CatchOutput),
        jsonata("Output", Shape::Template).at(Site::CatchOutput),
        jsonpath("ResultPath", Shape::NullableReferencePath).at(Site::CatchResultPath),
        field("Next", Shape::StateName).required(),
    ],
    exclusive: &[],
    one_of: &[],
};
