//! What a Choice state tests.

use super::Layout;
use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use crate::json::Value;

/// A condition of a Choice rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// JSONata: an expression between `{%` and `%}`, or a boolean.
    Expression(Value),
    /// All of them hold.
    And(Vec<Nested>),
    /// One of them holds.
    Or(Vec<Nested>),
    /// It does not hold.
    Not(Box<Nested>),
    /// A value compares so with another.
    Comparison(Comparison),
}

impl Default for Condition {
    fn default() -> Self {
        Self::Expression(Value::Bool(true))
    }
}

/// A condition inside another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nested {
    /// The condition.
    pub condition: Condition,
    /// The author's layout of its object, with what else is in it.
    pub layout: Layout,
}

/// JSONPath: a comparison of a value in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Where the value is.
    pub variable: String,
    /// How it is compared.
    pub operator: Operator,
    /// What with: a value, or the path of one where the operator's name ends in `Path`.
    pub operand: Value,
}

impl Condition {
    pub(super) fn write(&self, fields: &mut Fields<'_>) {
        match self {
            Self::Expression(expression) => fields.required("Condition", expression),
            Self::And(conditions) => fields.required("And", conditions),
            Self::Or(conditions) => fields.required("Or", conditions),
            Self::Not(condition) => fields.required("Not", condition.as_ref()),
            Self::Comparison(comparison) => fields
                .required("Variable", &comparison.variable)
                .required(comparison.operator.as_str(), &comparison.operand),
        };
    }

    pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
        if let Some(expression) = reader.optional("Condition") {
            return Self::Expression(expression);
        }
        let composed = None
            .or_else(|| reader.optional("And").map(Self::And))
            .or_else(|| reader.optional("Or").map(Self::Or))
            .or_else(|| {
                reader
                    .optional("Not")
                    .map(|condition| Self::Not(Box::new(condition)))
            });
        composed.unwrap_or_else(|| Self::read_comparison(reader))
    }

    fn read_comparison(reader: &mut Reader<'_, '_>) -> Self {
        let variable = reader.required("Variable");
        let found = reader.untaken().find_map(|(name, _)| Operator::parse(name));
        let Some(operator) = found else {
            reader.error("no comparison operator");
            return Self::default();
        };
        let operand = reader.take(operator.as_str()).cloned().unwrap_or_default();
        Self::Comparison(Comparison {
            variable,
            operator,
            operand,
        })
    }
}

impl ToJson for Nested {
    fn to_json(&self) -> Value {
        let mut fields = Fields::new(&self.layout);
        self.condition.write(&mut fields);
        fields.finish()
    }
}

impl FromJson for Nested {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let condition = Condition::read(&mut reader);
        Some(Self {
            condition,
            layout: reader.layout(),
        })
    }
}

macro_rules! operators {
    ($($name:ident),* $(,)?) => {
        /// The comparison operators of the language (States Language specification, "Data-Test Expressions").
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is its name in the specification")]
        pub enum Operator { $($name),* }

        impl Operator {
            /// Every operator.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name as a definition has it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

operators![
    BooleanEquals,
    BooleanEqualsPath,
    IsBoolean,
    IsNull,
    IsNumeric,
    IsPresent,
    IsString,
    IsTimestamp,
    NumericEquals,
    NumericEqualsPath,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    NumericGreaterThanEqualsPath,
    NumericGreaterThanPath,
    NumericLessThan,
    NumericLessThanEquals,
    NumericLessThanEqualsPath,
    NumericLessThanPath,
    StringEquals,
    StringEqualsPath,
    StringGreaterThan,
    StringGreaterThanEquals,
    StringGreaterThanEqualsPath,
    StringGreaterThanPath,
    StringLessThan,
    StringLessThanEquals,
    StringLessThanEqualsPath,
    StringLessThanPath,
    StringMatches,
    TimestampEquals,
    TimestampEqualsPath,
    TimestampGreaterThan,
    TimestampGreaterThanEquals,
    TimestampGreaterThanEqualsPath,
    TimestampGreaterThanPath,
    TimestampLessThan,
    TimestampLessThanEquals,
    TimestampLessThanEqualsPath,
    TimestampLessThanPath,
];

impl Operator {
    /// The operator of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|operator| operator.as_str() == name)
    }

    /// Whether its operand is a path to the value to compare with.
    #[must_use]
    pub fn takes_path(self) -> bool {
        self.as_str().ends_with("Path")
    }
}
