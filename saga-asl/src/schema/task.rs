//! Task and Parallel.

use super::machine::BRANCH;
use super::record::{
    ARGUMENTS, ASSIGN, COMMENT, END, Field, INPUT_PATH, NEXT, OUTPUT, OUTPUT_PATH, PARAMETERS,
    QUERY_LANGUAGE, RESULT_PATH, RESULT_SELECTOR, Record, TYPE, field, jsonpath,
};
use super::retry::{CATCH, RETRY};
use super::shape::{SECONDS, Shape};

const TIMEOUT: Field = field("TimeoutSeconds", SECONDS);
const TIMEOUT_PATH: Field = jsonpath("TimeoutSecondsPath", Shape::Path);
const HEARTBEAT: Field = field("HeartbeatSeconds", SECONDS);
const HEARTBEAT_PATH: Field = jsonpath("HeartbeatSecondsPath", Shape::Path);

/// A Task state (States Language specification, "Task State").
pub(super) static TASK: Record = Record {
    what: "a Task state",
    fields: &[
        TYPE,
        COMMENT,
        QUERY_LANGUAGE,
        field("Resource", Shape::Text).required(),
        field("Credentials", Shape::Arguments),
        INPUT_PATH,
        PARAMETERS,
        ARGUMENTS,
        TIMEOUT,
        TIMEOUT_PATH,
        HEARTBEAT,
        HEARTBEAT_PATH,
        RESULT_SELECTOR,
        RESULT_PATH,
        OUTPUT_PATH,
        ASSIGN,
        OUTPUT,
        RETRY,
        CATCH,
        NEXT,
        END,
    ],
    exclusive: &[
        &["TimeoutSeconds", "TimeoutSecondsPath"],
        &["HeartbeatSeconds", "HeartbeatSecondsPath"],
    ],
    one_of: &[],
};

/// A Parallel state (States Language specification, "Parallel State").
pub(super) static PARALLEL: Record = Record {
    what: "a Parallel state",
    fields: &[
        TYPE,
        COMMENT,
        QUERY_LANGUAGE,
        INPUT_PATH,
        PARAMETERS,
        ARGUMENTS,
        field("Branches", Shape::List(&BRANCH, 1)).required(),
        RESULT_SELECTOR,
        RESULT_PATH,
        OUTPUT_PATH,
        ASSIGN,
        OUTPUT,
        RETRY,
        CATCH,
        NEXT,
        END,
    ],
    exclusive: &[],
    one_of: &[],
};
