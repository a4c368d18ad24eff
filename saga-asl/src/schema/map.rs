//! Map, and what a distributed one reads, groups and writes.

use super::machine::PROCESSOR;
use super::record::{
    ASSIGN, COMMENT, END, Field, INPUT_PATH, NEXT, OUTPUT, OUTPUT_PATH, PARAMETERS, QUERY_LANGUAGE,
    RESULT_PATH, RESULT_SELECTOR, Record, TYPE, field, jsonata, jsonpath,
};
use super::retry::{CATCH, RETRY};
use super::shape::{COUNT, Shape};
use super::walk::Site;

const PERCENTAGE: Shape = Shape::Number {
    min: 0.0,
    max: 100.0,
};

/// A Map state (States Language specification, "Map State").
pub(super) static MAP: Record = Record {
    what: "a Map state",
    fields: &[
        TYPE,
        COMMENT,
        QUERY_LANGUAGE,
        INPUT_PATH,
        jsonpath("ItemsPath", Shape::Path),
        jsonata("Items", Shape::Items),
        field("ItemReader", Shape::Record(&ITEM_READER)),
        field("ItemSelector", Shape::Template).at(Site::Item),
        Field {
            site: Site::Item,
            ..PARAMETERS
        },
        field("ItemBatcher", Shape::Record(&ITEM_BATCHER)),
        field("ItemProcessor", Shape::Record(&PROCESSOR)),
        field("Iterator", Shape::Record(&PROCESSOR)),
        field("MaxConcurrency", COUNT),
        jsonpath("MaxConcurrencyPath", Shape::Path),
        field("ToleratedFailurePercentage", PERCENTAGE),
        jsonpath("ToleratedFailurePercentagePath", Shape::Path),
        field("ToleratedFailureCount", COUNT),
        jsonpath("ToleratedFailureCountPath", Shape::Path),
        field("Label", Shape::Text),
        field("ResultWriter", Shape::Record(&RESULT_WRITER)),
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
        &["ItemProcessor", "Iterator"],
        &["ItemSelector", "Parameters"],
        &["MaxConcurrency", "MaxConcurrencyPath"],
        &[
            "ToleratedFailurePercentage",
            "ToleratedFailurePercentagePath",
        ],
        &["ToleratedFailureCount", "ToleratedFailureCountPath"],
    ],
    one_of: &[&["ItemProcessor", "Iterator"]],
};

static ITEM_READER: Record = Record {
    what: "an item reader",
    fields: &[
        COMMENT,
        field("Resource", Shape::Text).required(),
        field("ReaderConfig", Shape::Record(&READER_CONFIG)),
        jsonpath("Parameters", Shape::Template),
        jsonata("Arguments", Shape::Template),
    ],
    exclusive: &[],
    one_of: &[],
};

/// How items are encoded (developer guide, "ItemReader (Map)").
static READER_CONFIG: Record = Record {
    what: "a reader configuration",
    fields: &[
        COMMENT,
        field(
            "InputType",
            Shape::OneOf(&["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"]),
        ),
        field(
            "Transformation",
            Shape::OneOf(&["NONE", "LOAD_AND_FLATTEN"]),
        ),
        field(
            "ManifestType",
            Shape::OneOf(&["ATHENA_DATA", "S3_INVENTORY"]),
        ),
        field(
            "CSVDelimiter",
            Shape::OneOf(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]),
        ),
        field("CSVHeaderLocation", Shape::OneOf(&["FIRST_ROW", "GIVEN"])),
        field("CSVHeaders", Shape::Any),
        field("ItemsPointer", Shape::Text),
        field(
            "MaxItems",
            Shape::Whole {
                min: i64::MIN,
                max: 100_000_000,
            },
        ),
        jsonpath("MaxItemsPath", Shape::Path),
    ],
    exclusive: &[&["MaxItems", "MaxItemsPath"]],
    one_of: &[],
};

/// How items are grouped (developer guide, "ItemBatcher (Map)").
static ITEM_BATCHER: Record = Record {
    what: "an item batcher",
    fields: &[
        COMMENT,
        field("BatchInput", Shape::Template),
        field(
            "MaxItemsPerBatch",
            Shape::Whole {
                min: 1,
                max: i64::MAX,
            },
        ),
        jsonpath("MaxItemsPerBatchPath", Shape::Path),
        field(
            "MaxInputBytesPerBatch",
            Shape::Whole {
                min: 1,
                max: 262_144,
            },
        ),
        jsonpath("MaxInputBytesPerBatchPath", Shape::Path),
    ],
    exclusive: &[
        &["MaxItemsPerBatch", "MaxItemsPerBatchPath"],
        &["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"],
    ],
    one_of: &[],
};

/// Where results go (developer guide, "ResultWriter (Map)").
static RESULT_WRITER: Record = Record {
    what: "a result writer",
    fields: &[
        COMMENT,
        field("Resource", Shape::Text),
        field("WriterConfig", Shape::Record(&WRITER_CONFIG)),
        jsonpath("Parameters", Shape::Template),
        jsonata("Arguments", Shape::Template),
    ],
    exclusive: &[],
    one_of: &[],
};

static WRITER_CONFIG: Record = Record {
    what: "a writer configuration",
    fields: &[
        COMMENT,
        field(
            "Transformation",
            Shape::OneOf(&["NONE", "COMPACT", "FLATTEN"]),
        ),
        field("OutputType", Shape::OneOf(&["JSON", "JSONL"])),
    ],
    exclusive: &[],
    one_of: &[],
};
