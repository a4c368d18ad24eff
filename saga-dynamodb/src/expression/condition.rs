//! Conditions and filters, and how they are evaluated on an item.

use std::cmp::Ordering;

use super::Path;
use crate::number::Number;
use crate::value::{AttributeValue, Item};

/// A condition on an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `a = b`
    Compare(Operand, Comparator, Operand),
    /// `a BETWEEN b AND c`
    Between(Operand, Operand, Operand),
    /// `a IN (b, c)`
    In(Operand, Vec<Operand>),
    /// `attribute_exists(path)`
    Exists(Path),
    /// `attribute_not_exists(path)`
    NotExists(Path),
    /// `attribute_type(path, :type)`
    Type(Path, String),
    /// `begins_with(a, b)`
    BeginsWith(Operand, Operand),
    /// `contains(a, b)`
    Contains(Operand, Operand),
    /// `a AND b`
    And(Box<Condition>, Box<Condition>),
    /// `a OR b`
    Or(Box<Condition>, Box<Condition>),
    /// `NOT a`
    Not(Box<Condition>),
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// An attribute.
    Path(Path),
    /// A value of the request.
    Value(AttributeValue),
    /// `size(path)`
    Size(Path),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Condition {
    /// Whether it holds for an item; a missing item is one without attributes.
    #[must_use]
    pub fn holds(&self, item: &Item) -> bool {
        match self {
            Self::Compare(left, comparator, right) => compare(
                left.read(item).as_ref(),
                *comparator,
                right.read(item).as_ref(),
            ),
            Self::Between(value, low, high) => {
                let (value, low, high) = (value.read(item), low.read(item), high.read(item));
                compare(value.as_ref(), Comparator::GreaterOrEqual, low.as_ref())
                    && compare(value.as_ref(), Comparator::LessOrEqual, high.as_ref())
            }
            Self::In(value, list) => {
                let value = value.read(item);
                value.is_some() && list.iter().any(|candidate| candidate.read(item) == value)
            }
            Self::Exists(path) => path.read(item).is_some(),
            Self::NotExists(path) => path.read(item).is_none(),
            Self::Type(path, kind) => path.read(item).is_some_and(|value| value.kind() == kind),
            Self::BeginsWith(text, prefix) => begins_with(text.read(item), prefix.read(item)),
            Self::Contains(holder, part) => contains(holder.read(item), part.read(item)),
            Self::And(left, right) => left.holds(item) && right.holds(item),
            Self::Or(left, right) => left.holds(item) || right.holds(item),
            Self::Not(condition) => !condition.holds(item),
        }
    }
}

impl Operand {
    /// Its value for an item.
    #[must_use]
    pub fn read(&self, item: &Item) -> Option<AttributeValue> {
        match self {
            Self::Path(path) => path.read(item).cloned(),
            Self::Value(value) => Some(value.clone()),
            Self::Size(path) => size(path.read(item)?).map(AttributeValue::Number),
        }
    }
}

/// What `size` gives: bytes, characters or elements; none for types that have no size.
fn size(value: &AttributeValue) -> Option<Number> {
    let size = match value {
        AttributeValue::String(text) => text.chars().count(),
        AttributeValue::Binary(_) => value.size(),
        AttributeValue::Strings(set) | AttributeValue::Binaries(set) => set.len(),
        AttributeValue::Numbers(set) => set.len(),
        AttributeValue::List(values) => values.len(),
        AttributeValue::Map(fields) => fields.len(),
        AttributeValue::Number(_) | AttributeValue::Bool(_) | AttributeValue::Null => return None,
    };
    Some(Number::whole(size))
}

/// Compares two values: what is missing equals nothing, and values of two types have no order.
fn compare(
    left: Option<&AttributeValue>,
    comparator: Comparator,
    right: Option<&AttributeValue>,
) -> bool {
    let equal = left.is_some() && left == right;
    match comparator {
        Comparator::Equal => equal,
        Comparator::NotEqual => !equal,
        _ => left
            .zip(right)
            .and_then(|(left, right)| ordered(left, right))
            .is_some_and(|ordering| comparator.accepts(ordering)),
    }
}

impl Comparator {
    fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// The order of two strings, numbers or binaries.
pub(crate) fn ordered(left: &AttributeValue, right: &AttributeValue) -> Option<Ordering> {
    use AttributeValue::{Binary, Number, String};
    match (left, right) {
        (String(left), String(right)) | (Binary(left), Binary(right)) => Some(left.cmp(right)),
        (Number(left), Number(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn begins_with(text: Option<AttributeValue>, prefix: Option<AttributeValue>) -> bool {
    use AttributeValue::{Binary, String};
    match (text, prefix) {
        (Some(String(text)), Some(String(prefix))) | (Some(Binary(text)), Some(Binary(prefix))) => {
            text.starts_with(&prefix)
        }
        _ => false,
    }
}

fn contains(holder: Option<AttributeValue>, part: Option<AttributeValue>) -> bool {
    use AttributeValue::{Binaries, Binary, List, Number, Numbers, String, Strings};
    match (holder, part) {
        (Some(String(text)), Some(String(part))) => text.contains(&part),
        (Some(Strings(set)), Some(String(part))) | (Some(Binaries(set)), Some(Binary(part))) => {
            set.contains(&part)
        }
        (Some(Numbers(set)), Some(Number(part))) => set.contains(&part),
        (Some(List(values)), Some(part)) => values.contains(&part),
        _ => false,
    }
}
