//! Choice.

use super::record::{
    ASSIGN, COMMENT, INPUT_PATH, OUTPUT, OUTPUT_PATH, QUERY_LANGUAGE, Record, TYPE, field, jsonata,
};
use super::shape::Shape;

/// A Choice state (States Language specification, "Choice State").
///
/// Its rules are checked by rules of their own: which fields one may have depends on its operator.
pub(super) static CHOICE: Record = Record {
    what: "a Choice state",
    fields: &[
        TYPE,
        COMMENT,
        QUERY_LANGUAGE,
        INPUT_PATH,
        OUTPUT_PATH,
        field("Choices", Shape::List(&CHOICE_RULE, 1)).required(),
        field("Default", Shape::StateName),
        ASSIGN,
        OUTPUT,
    ],
    exclusive: &[],
    one_of: &[],
};

/// A rule of a Choice state, without its comparison.
pub(super) static CHOICE_RULE: Record = Record {
    what: "a rule of a Choice state",
    fields: &[
        COMMENT,
        jsonata("Condition", Shape::Condition),
        ASSIGN,
        OUTPUT,
        field("Next", Shape::StateName).required(),
    ],
    exclusive: &[],
    one_of: &[],
};
