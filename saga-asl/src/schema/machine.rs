//! The machine itself, and the machines inside states.

use super::record::{COMMENT, Field, QUERY_LANGUAGE, Record, field};
use super::shape::{MAX_SECONDS, Shape};

const START_AT: Field = field("StartAt", Shape::StateName).required();
const STATES: Field = field("States", Shape::States).required();

/// The whole definition (States Language specification, "Top-level fields").
pub(super) static MACHINE: Record = Record {
    what: "a state machine",
    fields: &[
        COMMENT,
        QUERY_LANGUAGE,
        START_AT,
        field("Version", Shape::OneOf(&["1.0"])),
        field(
            "TimeoutSeconds",
            Shape::Whole {
                min: 1,
                max: MAX_SECONDS,
            },
        ),
        STATES,
    ],
    exclusive: &[],
    one_of: &[],
};

/// A branch of a Parallel state.
pub(super) static BRANCH: Record = Record {
    what: "a branch",
    fields: &[COMMENT, START_AT, STATES],
    exclusive: &[],
    one_of: &[],
};

/// What a Map state runs for every item.
pub(super) static PROCESSOR: Record = Record {
    what: "an item processor",
    fields: &[
        COMMENT,
        field("ProcessorConfig", Shape::Record(&PROCESSOR_CONFIG)),
        START_AT,
        STATES,
    ],
    exclusive: &[],
    one_of: &[],
};

static PROCESSOR_CONFIG: Record = Record {
    what: "a processor configuration",
    fields: &[
        COMMENT,
        field("Mode", Shape::OneOf(&["INLINE", "DISTRIBUTED"])),
        field("ExecutionType", Shape::OneOf(&["STANDARD", "EXPRESS"])),
    ],
    exclusive: &[],
    one_of: &[],
};
