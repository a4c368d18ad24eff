//! Which language a state's expressions are in.

use super::codec::{FromJson, ToJson};
use super::read::Place;
use crate::json::Value;

/// The language of a machine's or a state's expressions. A machine that states none uses JSONPath.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum QueryLanguage {
    /// Paths, payload templates and intrinsic functions.
    #[default]
    JsonPath,
    /// Expressions between `{%` and `%}`.
    JsonAta,
}

impl QueryLanguage {
    /// The name as a definition has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::JsonAta => "JSONata",
        }
    }

    /// The language of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::JsonPath, Self::JsonAta]
            .into_iter()
            .find(|language| language.as_str() == name)
    }
}

impl ToJson for QueryLanguage {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }
}

impl FromJson for QueryLanguage {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let language = value.as_str().and_then(Self::parse);
        language.or_else(|| place.expected("`JSONPath` or `JSONata`", value))
    }
}
