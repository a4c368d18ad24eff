use std::cmp::Ordering;

use saga_asl::data::Data;
use saga_asl::jsonpath::Path;
use saga_asl::model::Operator;

use crate::query::Expression;
use crate::state::{booleans, is_timestamp, numbers, strings, timestamps};

/// A condition of a Choice rule.
#[derive(Debug)]
pub enum Condition {
    /// JSONata: an expression.
    Expression(Box<Expression>),
    /// `true` or `false`, as it is written.
    Constant(bool),
    /// All hold.
    And(Vec<Condition>),
    /// One holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// JSONPath: a comparison.
    Test(Box<Test>),
}

/// A comparison of a value in the input.
#[derive(Debug)]
pub struct Test {
    /// Where the value is.
    pub variable: Path,
    /// What is looked at.
    pub family: Family,
    /// The orders that satisfy a comparison.
    pub relation: &'static [Ordering],
    /// What with.
    pub operand: Operand,
}

/// What a value is compared with.
#[derive(Debug, PartialEq)]
pub enum Operand {
    /// A value in the definition.
    Value(Data),
    /// What a path selects.
    Path(Path),
}

/// The families of comparison operators.
#[derive(Clone, Copy, Debug)]
pub enum Family {
    /// `IsPresent`
    Present,
    /// `IsString` and its like.
    Kind(fn(&Data) -> bool),
    /// `StringMatches`
    Matches,
    /// `NumericLessThan` and its like.
    Compare(fn(&Data, &Data) -> Option<Ordering>),
}

impl Family {
    /// The family and the satisfying orders of an operator, from the parts of its name.
    pub(super) fn of(operator: Operator) -> (Self, &'static [Ordering]) {
        let name = operator.as_str();
        let name = name.strip_suffix("Path").unwrap_or(name);
        let family = match name {
            "IsPresent" => Family::Present,
            "StringMatches" => Family::Matches,
            "IsNull" => Family::Kind(|data| matches!(data, Data::Null)),
            "IsString" => Family::Kind(|data| matches!(data, Data::String(_))),
            "IsNumeric" => Family::Kind(|data| matches!(data, Data::Number(_))),
            "IsBoolean" => Family::Kind(|data| matches!(data, Data::Bool(_))),
            "IsTimestamp" => Family::Kind(is_timestamp),
            _ if name.starts_with("Boolean") => Family::Compare(booleans),
            _ if name.starts_with("Numeric") => Family::Compare(numbers),
            _ if name.starts_with("Timestamp") => Family::Compare(timestamps),
            _ => Family::Compare(strings),
        };
        (family, relation(name))
    }
}

fn relation(name: &str) -> &'static [Ordering] {
    const LAST: [(&str, &[Ordering]); 4] = [
        ("LessThanEquals", &[Ordering::Less, Ordering::Equal]),
        ("GreaterThanEquals", &[Ordering::Greater, Ordering::Equal]),
        ("LessThan", &[Ordering::Less]),
        ("GreaterThan", &[Ordering::Greater]),
    ];
    LAST.into_iter()
        .find_map(|(ending, orders)| name.ends_with(ending).then_some(orders))
        .unwrap_or(&[Ordering::Equal])
}
