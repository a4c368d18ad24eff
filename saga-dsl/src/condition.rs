//! Conditions: on a saga's data, for its choices, and on the attributes of a row.

mod row;
mod test;

use std::ops::{BitAnd, BitOr, Not};

use saga_manifest::expr::Position;
use saga_manifest::task::Comparison;

use crate::data::{SagaData, Timestamp, Type};
use crate::node::Node;
use crate::reference::Ref;

pub(crate) use self::row::row_path;

/// A condition: `order.price.is_less_than(100) & order.coupon.is_present()`. Both sides of a comparison
/// have the same type; one of a value that is null or absent does not hold.
#[derive(Clone, Debug)]
#[must_use = "a condition says nothing until something is done where it holds"]
pub struct Condition<'s>(Form<'s>);

#[derive(Clone, Debug)]
enum Form<'s> {
    Exists(Node<'s>),
    True(Node<'s>),
    Compare {
        left: Node<'s>,
        operator: Comparison,
        right: Node<'s>,
        of: fn() -> Type,
    },
    Text(Node<'s>, Position, Node<'s>),
    All(Vec<Condition<'s>>),
    Any(Vec<Condition<'s>>),
    Not(Box<Condition<'s>>),
}

/// A type whose values have an order.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no order",
    label = "these are equal or not",
    note = "numbers, strings and times are less or greater"
)]
pub trait Ordered: SagaData {}

macro_rules! ordered {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Ordered for $type {}
    )*};
}

ordered!(
    i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, char, String, Timestamp
);

#[diagnostic::do_not_recommend]
impl<T: Ordered> Ordered for Option<T> {}

/// What a `Ref<T>` is compared with: another one, or a constant.
#[diagnostic::on_unimplemented(
    message = "values of different types are compared",
    label = "this is no `{T}`",
    note = "a `Ref<{T}>` is compared with another one, or with a constant of that type"
)]
pub trait ComparesWith<'s, T> {
    /// The value.
    #[doc(hidden)]
    fn reference(self) -> Ref<'s, T>;
}

#[diagnostic::do_not_recommend]
impl<'s, T, V: Into<Ref<'s, T>>> ComparesWith<'s, T> for V {
    fn reference(self) -> Ref<'s, T> {
        self.into()
    }
}

impl<'s, T: SagaData> Ref<'s, T> {
    /// The value, or the row's attribute, is there.
    pub fn exists(self) -> Condition<'s> {
        Condition(Form::Exists(self.node()))
    }

    /// It has this value.
    pub fn equals(self, value: impl ComparesWith<'s, T>) -> Condition<'s> {
        self.compare(Comparison::Equal, value)
    }

    /// It has another value.
    pub fn differs_from(self, value: impl ComparesWith<'s, T>) -> Condition<'s> {
        self.compare(Comparison::NotEqual, value)
    }

    /// It is less.
    pub fn is_less_than(self, value: impl ComparesWith<'s, T>) -> Condition<'s>
    where
        T: Ordered,
    {
        self.compare(Comparison::Less, value)
    }

    /// It is not greater.
    pub fn is_at_most(self, value: impl ComparesWith<'s, T>) -> Condition<'s>
    where
        T: Ordered,
    {
        self.compare(Comparison::LessOrEqual, value)
    }

    /// It is greater.
    pub fn is_greater_than(self, value: impl ComparesWith<'s, T>) -> Condition<'s>
    where
        T: Ordered,
    {
        self.compare(Comparison::Greater, value)
    }

    /// It is not less.
    pub fn is_at_least(self, value: impl ComparesWith<'s, T>) -> Condition<'s>
    where
        T: Ordered,
    {
        self.compare(Comparison::GreaterOrEqual, value)
    }

    fn compare(self, operator: Comparison, value: impl ComparesWith<'s, T>) -> Condition<'s> {
        Condition(Form::Compare {
            left: self.node(),
            operator,
            right: value.reference().node(),
            of: T::describe,
        })
    }
}

impl<'s, T: SagaData> Ref<'s, Option<T>> {
    /// There is a value.
    pub fn is_present(self) -> Condition<'s> {
        self.exists()
    }
}

impl<'s> Ref<'s, bool> {
    /// It is true.
    pub fn is_true(self) -> Condition<'s> {
        Condition(Form::True(self.node()))
    }

    /// It is not true.
    #[expect(
        clippy::should_implement_trait,
        reason = "it reads as `and` and `or` do"
    )]
    pub fn not(self) -> Condition<'s> {
        self.is_true().not()
    }
}

impl<'s> Ref<'s, String> {
    /// The text begins with this one. Of a saga's data only: a row's attribute is compared as a whole.
    pub fn starts_with(self, text: impl Into<Ref<'s, String>>) -> Condition<'s> {
        Condition(Form::Text(self.node(), Position::Start, text.into().node()))
    }

    /// The text has this one in it. Of a saga's data only.
    pub fn contains(self, text: impl Into<Ref<'s, String>>) -> Condition<'s> {
        Condition(Form::Text(
            self.node(),
            Position::Anywhere,
            text.into().node(),
        ))
    }

    /// The text ends with this one. Of a saga's data only.
    pub fn ends_with(self, text: impl Into<Ref<'s, String>>) -> Condition<'s> {
        Condition(Form::Text(self.node(), Position::End, text.into().node()))
    }
}

impl Condition<'_> {
    /// Both hold. Also written `one & other`.
    pub fn and(self, other: Self) -> Self {
        Self(Form::All(vec![self, other]))
    }

    /// One of them holds. Also written `one | other`.
    pub fn or(self, other: Self) -> Self {
        Self(Form::Any(vec![self, other]))
    }

    /// It does not hold. Also written `!condition`.
    #[expect(
        clippy::should_implement_trait,
        reason = "it reads as `and` and `or` do"
    )]
    pub fn not(self) -> Self {
        Self(Form::Not(Box::new(self)))
    }
}

impl BitAnd for Condition<'_> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl BitOr for Condition<'_> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl Not for Condition<'_> {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}
