//! Pass, Wait, Succeed and Fail.

use super::record::{
    ASSIGN, COMMENT, END, INPUT_PATH, NEXT, OUTPUT, OUTPUT_PATH, PARAMETERS, QUERY_LANGUAGE,
    RESULT_PATH, Record, TYPE, field, jsonpath,
};
use super::shape::{MAX_SECONDS, Shape};

/// A Pass state (States Language specification, "Pass State").
pub(super) static PASS: Record = Record {
    what: "a Pass state",
    fields: &[
        TYPE,
        COMMENT,
        QUERY_LANGUAGE,
        INPUT_PATH,
        PARAMETERS,
        jsonpath("Result", Shape::Any),
        RESULT_PATH,
        OUTPUT_PATH,
        ASSIGN,
        OUTPUT,
        NEXT,
        END,
    ],
    exclusive: &[],
    one_of: &[],
};

const WAITS: &[&str] = &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

/// A Wait state (States Language specification, "Wait State").
pub(super) static WAIT: Record = Record {
    what: "a Wait state",
    fields: &[
        TYPE,
        COMMENT,
        QUERY_LANGUAGE,
        field(
            "Seconds",
            Shape::Whole {
                min: 0,
                max: MAX_SECONDS,
            },
        ),
        jsonpath("SecondsPath", Shape::Path),
        field("Timestamp", Shape::Timestamp),
        jsonpath("TimestampPath", Shape::Path),
        INPUT_PATH,
        OUTPUT_PATH,
        ASSIGN,
        OUTPUT,
        NEXT,
        END,
    ],
    exclusive: &[WAITS],
    one_of: &[WAITS],
};

/// A Succeed state (States Language specification, "Succeed State").
pub(super) static SUCCEED: Record = Record {
    what: "a Succeed state",
    fields: &[
        TYPE,
        COMMENT,
        QUERY_LANGUAGE,
        INPUT_PATH,
        OUTPUT_PATH,
        OUTPUT,
    ],
    exclusive: &[],
    one_of: &[],
};

/// A Fail state (States Language specification, "Fail State").
pub(super) static FAIL: Record = Record {
    what: "a Fail state",
    fields: &[
        TYPE,
        COMMENT,
        QUERY_LANGUAGE,
        field("Error", Shape::TextOrExpression),
        jsonpath("ErrorPath", Shape::PathOrCall),
        field("Cause", Shape::TextOrExpression),
        jsonpath("CausePath", Shape::PathOrCall),
    ],
    exclusive: &[&["Error", "ErrorPath"], &["Cause", "CausePath"]],
    one_of: &[],
};
