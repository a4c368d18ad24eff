//! Whether an item satisfies a filter.

use std::cmp::Ordering;

use super::{Comparison, Filter, Operand, Roots};
use crate::data::Data;

impl Filter {
    /// Whether `item` satisfies the condition.
    pub(super) fn accepts(&self, item: &Data, roots: &dyn Roots) -> bool {
        match self {
            Filter::Or(terms) => terms.iter().any(|term| term.accepts(item, roots)),
            Filter::And(terms) => terms.iter().all(|term| term.accepts(item, roots)),
            Filter::Not(term) => !term.accepts(item, roots),
            Filter::Exists(path) => match path.select_from(item, roots) {
                Some(Data::Array(found)) => path.is_definite() || !found.is_empty(),
                found => found.is_some(),
            },
            Filter::Compare(left, comparison, right) => compare(
                left.value(item, roots),
                *comparison,
                right.value(item, roots),
            ),
        }
    }
}

impl Operand {
    fn value(&self, item: &Data, roots: &dyn Roots) -> Option<Data> {
        match self {
            Operand::Path(path) => path.select_from(item, roots),
            Operand::Literal(data) => Some(data.clone()),
        }
    }
}

fn compare(left: Option<Data>, comparison: Comparison, right: Option<Data>) -> bool {
    let (Some(left), Some(right)) = (&left, &right) else {
        // Nothing equals nothing but itself, and satisfies only what denies.
        return match comparison {
            Comparison::Equal => left.is_none() && right.is_none(),
            Comparison::NotEqual => left.is_none() != right.is_none(),
            Comparison::NotIn | Comparison::NoneOf => true,
            _ => false,
        };
    };
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => order(left, right) == Some(Ordering::Less),
        Comparison::LessOrEqual => {
            matches!(order(left, right), Some(Ordering::Less | Ordering::Equal))
        }
        Comparison::Greater => order(left, right) == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => {
            matches!(
                order(left, right),
                Some(Ordering::Greater | Ordering::Equal)
            )
        }
        Comparison::In => items(right).contains(left),
        Comparison::NotIn => !items(right).contains(left),
        Comparison::SubsetOf => items(left).iter().all(|item| items(right).contains(item)),
        Comparison::AnyOf => items(left).iter().any(|item| items(right).contains(item)),
        Comparison::NoneOf => !items(left).iter().any(|item| items(right).contains(item)),
        Comparison::Contains => contains(left, right),
        Comparison::Size => size(left).is_some_and(|size| Some(size) == right.as_i64()),
        Comparison::Empty => size(left).is_some_and(|size| Some(size == 0) == right.as_bool()),
    }
}

fn order(left: &Data, right: &Data) -> Option<Ordering> {
    match (left, right) {
        (Data::Number(_), Data::Number(_)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        (Data::String(left), Data::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn items(data: &Data) -> &[Data] {
    data.as_array().unwrap_or_default()
}

fn contains(left: &Data, right: &Data) -> bool {
    match (left, right) {
        (Data::String(text), Data::String(part)) => text.contains(&**part),
        _ => items(left).contains(right),
    }
}

fn size(data: &Data) -> Option<i64> {
    match data {
        Data::Array(items) => i64::try_from(items.len()).ok(),
        Data::String(text) => i64::try_from(text.chars().count()).ok(),
        Data::Object(members) => i64::try_from(members.len()).ok(),
        _ => None,
    }
}
