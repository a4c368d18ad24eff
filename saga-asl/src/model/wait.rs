//! `Wait`: goes on after a while, or at an instant.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{DataPath, Dynamic, Layout, QueryLanguage, Transition};
use crate::json::{Object, Value};

/// A Wait state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wait {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of its expressions, where it is not the machine's.
    pub query_language: Option<QueryLanguage>,
    /// How long.
    pub until: WaitUntil,
    /// JSONPath: the part of the input the state sees.
    pub input_path: Option<DataPath>,
    /// JSONPath: the part of that which is the output.
    pub output_path: Option<DataPath>,
    /// Variables to set.
    pub assign: Object,
    /// JSONata: the output.
    pub output: Option<Value>,
    /// Where it goes.
    pub transition: Transition,
    /// The author's layout.
    pub layout: Layout,
}

/// How long a Wait state waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitUntil {
    /// So many seconds, at most 99,999,999.
    Seconds(Dynamic<u64>),
    /// JSONPath: where the seconds are in the input.
    SecondsPath(String),
    /// Until an instant (RFC 3339, upper-case `T` and `Z`), or a JSONata expression that gives it.
    Timestamp(String),
    /// JSONPath: where the instant is in the input.
    TimestampPath(String),
}

impl Default for WaitUntil {
    fn default() -> Self {
        Self::Seconds(Dynamic::Value(0))
    }
}

impl WaitUntil {
    fn write(&self, fields: &mut Fields<'_>) {
        match self {
            Self::Seconds(seconds) => fields.required("Seconds", seconds),
            Self::SecondsPath(path) => fields.required("SecondsPath", path),
            Self::Timestamp(instant) => fields.required("Timestamp", instant),
            Self::TimestampPath(path) => fields.required("TimestampPath", path),
        };
    }

    fn read(reader: &mut Reader<'_, '_>) -> Self {
        let seconds = reader.optional("Seconds").map(Self::Seconds);
        let seconds_path = reader.optional("SecondsPath").map(Self::SecondsPath);
        let timestamp = reader.optional("Timestamp").map(Self::Timestamp);
        let timestamp_path = reader.optional("TimestampPath").map(Self::TimestampPath);
        let given = [seconds, seconds_path, timestamp, timestamp_path];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(until), None) => until,
            (first, _) => {
                reader.error("exactly one of `Seconds`, `SecondsPath`, `Timestamp` and `TimestampPath` must be there");
                first.unwrap_or_default()
            }
        }
    }
}

impl ToJson for Wait {
    fn to_json(&self) -> Value {
        let mut fields = Fields::new(&self.layout);
        fields
            .required("Type", &Value::from("Wait"))
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref());
        self.until.write(&mut fields);
        fields
            .optional("InputPath", self.input_path.as_ref())
            .optional("OutputPath", self.output_path.as_ref())
            .collection("Assign", &self.assign)
            .optional("Output", self.output.as_ref());
        self.transition.write(&mut fields);
        fields.finish()
    }
}

impl FromJson for Wait {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        reader.take("Type");
        let wait = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            until: WaitUntil::read(&mut reader),
            input_path: reader.optional("InputPath"),
            output_path: reader.optional("OutputPath"),
            assign: reader.collection("Assign"),
            output: reader.optional("Output"),
            transition: Transition::read(&mut reader),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..wait
        })
    }
}
