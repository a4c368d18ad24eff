//! Attribute values and conditions on a row.

use std::collections::BTreeMap;

use saga_asl::json::{Number, Value, object};
use saga_asl::jsonata::{self, Kind};
use saga_asl::model::QueryLanguage;
use saga_dynamodb::AttributeValue;
use saga_dynamodb::expression::Condition;
use saga_dynamodb::expression::condition::{Comparator, Operand};

use crate::types::Type;

/// An attribute's value: its type, and the template of an object whose field `value` is it.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) of: Type,
    pub(crate) template: Value,
}

impl Typed {
    /// A value as DynamoDB writes it: `{"S": "…"}`, `{"S.$": "$.…"}`.
    pub(super) fn of(value: &Value, language: QueryLanguage) -> Result<Self, String> {
        let mut fields = value.as_object().into_iter().flatten();
        let (Some((kind, value)), None) = (fields.next(), fields.next()) else {
            return Err("the value says not its type: `{\"S\": …}`".into());
        };
        let (kind, by_path) = match kind.strip_suffix(".$") {
            Some(kind) if language == QueryLanguage::JsonPath => (kind, true),
            _ => (kind.as_str(), false),
        };
        let text = value.as_str().unwrap_or_default();
        let expression = (language == QueryLanguage::JsonAta)
            .then(|| jsonata::expression(text))
            .flatten();
        let (of, value) = match kind {
            "S" => (Type::Text, value.clone()),
            "BOOL" if by_path || expression.is_some() || matches!(value, Value::Bool(_)) => {
                (Type::Bool, value.clone())
            }
            "N" if by_path => {
                let path = number_path(text).ok_or("the data hold a number as text")?;
                (Type::Number, path.into())
            }
            "N" if expression.is_some_and(|(_, expression)| is_number_text(expression)) => {
                (Type::Number, value.clone())
            }
            "N" if expression.is_some() => return Err("the data hold a number as text".into()),
            "N" => {
                let number = Number::parse(text).ok_or("the number is none")?;
                let of = number.as_i64().map_or(Type::Number, |_| Type::Whole);
                (of, Value::Number(number))
            }
            "L" | "M" | "SS" | "NS" | "B" | "BS" | "NULL" | "BOOL" => {
                return Err(format!("a value of type `{kind}` has no constant shape"));
            }
            other => return Err(format!("there is no type `{other}`")),
        };
        let name = if by_path { "value.$" } else { "value" };
        Ok(Self {
            of,
            template: object([(name, value)]),
        })
    }
}

/// The path in `States.Format('{}', $.path)` or `States.JsonToString($.path)`: the text of a number.
fn number_path(text: &str) -> Option<&str> {
    let formatted = text.strip_prefix("States.Format(").and_then(|rest| {
        rest.trim_start()
            .strip_prefix("'{}'")?
            .trim_start()
            .strip_prefix(',')
    });
    let inner = formatted.or_else(|| text.strip_prefix("States.JsonToString("))?;
    let path = inner.trim().strip_suffix(')')?.trim();
    (path.starts_with('$') && !path.contains(['(', ','])).then_some(path)
}

/// Whether a JSONata expression is the text of a value: `$string($x)`.
fn is_number_text(expression: &str) -> bool {
    jsonata::parse(expression).is_ok_and(|tree| match &tree.kind {
        Kind::Call(function, arguments) => {
            arguments.len() == 1
                && matches!(&function.kind, Kind::Variable(name) if name == "string")
        }
        _ => false,
    })
}

/// The placeholder that a value stands for.
pub(super) fn placeholder(value: &AttributeValue) -> Option<&str> {
    match value {
        AttributeValue::String(name) => Some(name),
        _ => None,
    }
}

/// A condition on a row.
#[derive(Clone, Debug)]
pub(crate) enum Row<V> {
    All(Vec<Row<V>>),
    Any(Vec<Row<V>>),
    Not(Box<Row<V>>),
    Exists(String),
    /// The attribute, the verb of its reference, and the value.
    Compare(String, &'static str, V),
}

impl Row<Typed> {
    /// A parsed condition, where a saga has one like it.
    pub(super) fn of(condition: &Condition, values: &BTreeMap<String, Typed>) -> Option<Self> {
        let attribute = |path: &saga_dynamodb::expression::Path| {
            path.below.is_empty().then(|| path.attribute.clone())
        };
        Some(match condition {
            Condition::And(left, right) => {
                Self::All(vec![Self::of(left, values)?, Self::of(right, values)?])
            }
            Condition::Or(left, right) => {
                Self::Any(vec![Self::of(left, values)?, Self::of(right, values)?])
            }
            Condition::Not(one) => Self::Not(Box::new(Self::of(one, values)?)),
            Condition::Exists(path) => Self::Exists(attribute(path)?),
            Condition::NotExists(path) => Self::Not(Box::new(Self::Exists(attribute(path)?))),
            Condition::Compare(Operand::Path(path), comparator, Operand::Value(value)) => {
                let value = placeholder(value).and_then(|name| values.get(name))?;
                Self::Compare(attribute(path)?, verb(*comparator), value.clone())
            }
            _ => return None,
        })
    }
}

impl<V> Row<V> {
    /// The attributes that it looks at, with a value where there is one.
    pub(crate) fn attributes(&self) -> Vec<(&str, Option<&V>)> {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().flat_map(Self::attributes).collect(),
            Self::Not(one) => one.attributes(),
            Self::Exists(name) => vec![(name, None)],
            Self::Compare(name, _, value) => vec![(name, Some(value))],
        }
    }

    pub(crate) fn values(&self) -> Vec<&V> {
        let attributes = self.attributes().into_iter();
        attributes.filter_map(|(_, value)| value).collect()
    }

    pub(crate) fn map<W, E>(
        &self,
        change: &mut impl FnMut(&V) -> Result<W, E>,
    ) -> Result<Row<W>, E> {
        let mut each = |all: &[Self]| {
            all.iter()
                .map(|one| one.map(change))
                .collect::<Result<Vec<_>, E>>()
        };
        Ok(match self {
            Self::All(all) => Row::All(each(all)?),
            Self::Any(any) => Row::Any(each(any)?),
            Self::Not(one) => Row::Not(Box::new(one.map(change)?)),
            Self::Exists(name) => Row::Exists(name.clone()),
            Self::Compare(name, verb, value) => Row::Compare(name.clone(), verb, change(value)?),
        })
    }

    /// Whether it says only that there is no item of this key yet.
    pub(crate) fn is_new(&self, keys: &[&str]) -> bool {
        match self {
            Self::Not(one) => matches!(&**one, Self::Exists(name) if keys.contains(&name.as_str())),
            Self::All(all) => all.iter().all(|one| one.is_new(keys)),
            _ => false,
        }
    }
}

fn verb(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Equal => "equals",
        Comparator::NotEqual => "differs_from",
        Comparator::Less => "is_less_than",
        Comparator::LessOrEqual => "is_at_most",
        Comparator::Greater => "is_greater_than",
        Comparator::GreaterOrEqual => "is_at_least",
    }
}
