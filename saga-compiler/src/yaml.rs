//! YAML as a template has it: mappings in order, the tags of CloudFormation, comments.

use saga_asl::json::{Number, Value};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_yaml::{Commented, LitStr, SingleQuoted, Tagged};

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, quoted where it could be taken for something else.
    String(String),
    /// A list.
    List(Vec<Self>),
    /// A mapping in order.
    Map(Vec<(String, Self)>),
    /// A node with a tag: `!Ref Fares`.
    Tagged(&'static str, Box<Self>),
    /// A scalar with a remark behind it.
    Commented(Box<Self>, String),
}

/// A mapping of these fields, in this order.
pub fn map<K: Into<String>>(fields: impl IntoIterator<Item = (K, Yaml)>) -> Yaml {
    Yaml::Map(
        fields
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    )
}

/// A list of these items.
pub fn list<V: Into<Yaml>>(items: impl IntoIterator<Item = V>) -> Yaml {
    Yaml::List(items.into_iter().map(Into::into).collect())
}

impl Yaml {
    /// `!Ref`: a parameter's value, or what names a resource.
    #[must_use]
    pub fn reference(id: &str) -> Self {
        Self::Tagged("!Ref", Box::new(id.into()))
    }

    /// `!GetAtt`: a resource's attribute.
    #[must_use]
    pub fn attribute(id: &str, attribute: &str) -> Self {
        Self::Tagged("!GetAtt", Box::new(format!("{id}.{attribute}").into()))
    }

    /// `!Sub`: text in which `${…}` stands for resources and parameters.
    #[must_use]
    pub fn substituted(text: impl Into<String>) -> Self {
        Self::Tagged("!Sub", Box::new(Self::String(text.into())))
    }

    /// The node with a remark behind it.
    #[must_use]
    pub fn commented(self, comment: impl Into<String>) -> Self {
        Self::Commented(Box::new(self), comment.into())
    }

    /// The node of that name in a mapping.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => fields
                .iter()
                .find(|(field, _)| field == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a document, with a final newline.
    ///
    /// # Errors
    /// None in practice: every key is a string.
    pub fn to_text(&self) -> Result<String, serde_yaml::ser_error::Error> {
        let options = serde_yaml::ser_options! {
            // One line a string, however long: expressions and descriptions are read as they are.
            prefer_block_scalars: false,
            compact_list_indent: false,
        };
        serde_yaml::to_string_with_options(self, options)
    }
}

impl Serialize for Yaml {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serialize_text(text, serializer),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::Tagged(tag, value) => {
                Tagged(value, Some((*tag).to_owned())).serialize(serializer)
            }
            Self::Commented(value, comment) => {
                Commented(value, comment.clone()).serialize(serializer)
            }
        }
    }
}

/// Text as it is best read: lines as lines, and quotes within single quotes without escapes.
fn serialize_text<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.contains('\n') {
        LitStr(text).serialize(serializer)
    } else if text.contains('"') && !text.contains(|c: char| c == '\'' || c.is_control()) {
        SingleQuoted(text).serialize(serializer)
    } else {
        serializer.serialize_str(text)
    }
}

impl From<&Value> for Yaml {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::String(text.clone()),
            Value::Array(items) => list(items),
            Value::Object(fields) => map(fields.iter().map(|(name, value)| (name, value.into()))),
        }
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<&String> for Yaml {
    fn from(text: &String) -> Self {
        Self::String(text.clone())
    }
}

impl From<u32> for Yaml {
    fn from(value: u32) -> Self {
        Self::Number(Number::from(u64::from(value)))
    }
}

impl From<bool> for Yaml {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
