//! Conditions on the attributes of a row.

use std::panic::Location;

use saga_manifest::task::{self, Comparison, Shape};

use crate::data::{SagaData, shape};
use crate::node::Node;
use crate::recorder::Recorder;
use crate::reference::Ref;

/// A condition: `row.fare_status.equals(FareStatus::Registered)`.
#[derive(Clone, Debug)]
pub struct Condition<'s>(Test<'s>);

#[derive(Clone, Debug)]
enum Test<'s> {
    Exists(Node<'s>),
    Compare(Node<'s>, Comparison, Shape, Node<'s>),
    All(Vec<Condition<'s>>),
    Any(Vec<Condition<'s>>),
    Not(Box<Condition<'s>>),
}

impl<'s, T: SagaData> Ref<'s, T> {
    /// The attribute is there.
    #[must_use]
    pub fn exists(self) -> Condition<'s> {
        Condition(Test::Exists(self.node()))
    }

    /// The attribute has this value.
    #[must_use]
    pub fn equals(self, value: impl Into<Ref<'s, T>>) -> Condition<'s> {
        self.compare(Comparison::Equal, value.into())
    }

    /// The attribute has another value.
    #[must_use]
    pub fn differs_from(self, value: impl Into<Ref<'s, T>>) -> Condition<'s> {
        self.compare(Comparison::NotEqual, value.into())
    }

    /// The attribute is less.
    #[must_use]
    pub fn is_less_than(self, value: impl Into<Ref<'s, T>>) -> Condition<'s> {
        self.compare(Comparison::Less, value.into())
    }

    /// The attribute is not greater.
    #[must_use]
    pub fn is_at_most(self, value: impl Into<Ref<'s, T>>) -> Condition<'s> {
        self.compare(Comparison::LessOrEqual, value.into())
    }

    /// The attribute is greater.
    #[must_use]
    pub fn is_greater_than(self, value: impl Into<Ref<'s, T>>) -> Condition<'s> {
        self.compare(Comparison::Greater, value.into())
    }

    /// The attribute is not less.
    #[must_use]
    pub fn is_at_least(self, value: impl Into<Ref<'s, T>>) -> Condition<'s> {
        self.compare(Comparison::GreaterOrEqual, value.into())
    }

    fn compare(self, operator: Comparison, value: Ref<'s, T>) -> Condition<'s> {
        Condition(Test::Compare(
            self.node(),
            operator,
            shape::<T>(),
            value.node(),
        ))
    }
}

impl<'s> Condition<'s> {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(Test::All(vec![self, other]))
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(Test::Any(vec![self, other]))
    }

    /// It does not hold.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "reads as `and` and `or` do")]
    pub fn not(self) -> Self {
        Self(Test::Not(Box::new(self)))
    }

    /// The condition as the manifest has it.
    pub(crate) fn lower(&self, recorder: &mut Recorder, at: &Location<'_>) -> task::Condition {
        let mut each = |tests: &[Self]| tests.iter().map(|test| test.lower(recorder, at)).collect();
        match &self.0 {
            Test::All(tests) => task::Condition::All(each(tests)),
            Test::Any(tests) => task::Condition::Any(each(tests)),
            Test::Not(test) => task::Condition::Not(Box::new(test.lower(recorder, at))),
            Test::Exists(node) => task::Condition::Exists(row_path(node, recorder, at)),
            Test::Compare(node, operator, shape, value) => task::Condition::Compare {
                path: row_path(node, recorder, at),
                operator: *operator,
                shape: shape.clone(),
                value: value.to_expr(),
            },
        }
    }
}

/// The attribute that a node is, or a problem where it is none.
pub(crate) fn row_path(node: &Node<'_>, recorder: &mut Recorder, at: &Location<'_>) -> Vec<String> {
    node.row_path().unwrap_or_else(|| {
        recorder.problem(
            "this updates or tests a value that is no attribute of the row",
            "start from the closure's argument: `|row| row.status.set(…)`",
            at,
        );
        Vec::new()
    })
}
