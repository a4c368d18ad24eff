//! Typed references into a saga's data.

use std::marker::PhantomData;
use std::ops::Deref;

use serde::Serialize;

use crate::data::SagaData;
use crate::node::{Arena, Node, Presence, Scalar};

/// A reference to a `T` that the saga's data will hold when it runs.
///
/// It is `Copy`, and derefs to one reference per field: `fare.customer_id` is a `Ref<String>`.
/// The lifetime is its scope: what belongs to a branch or an item cannot leave it.
pub struct Ref<'s, T: ?Sized> {
    node: Node<'s>,
    arena: Option<&'s Arena>,
    of: PhantomData<fn() -> T>,
}

/// Marks data that must reach no table, message, log or event in clear: a field with
/// `#[saga(sensitive)]` is a `Ref<Sensitive<T>>`, which fits only where that is asked for.
pub struct Sensitive<T>(PhantomData<fn() -> T>);

impl<T: ?Sized> Clone for Ref<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Ref<'_, T> {}

impl<'s, T: SagaData> Deref for Ref<'s, T> {
    type Target = T::Fields<'s>;

    fn deref(&self) -> &T::Fields<'s> {
        T::fields(*self)
    }
}

impl<'s, T: ?Sized> Ref<'s, T> {
    pub(crate) fn new(arena: &'s Arena, node: Node<'s>) -> Self {
        Self {
            node,
            arena: Some(arena),
            of: PhantomData,
        }
    }

    /// A constant. Only types without fields have such.
    #[doc(hidden)]
    #[must_use]
    pub const fn scalar(scalar: Scalar<'s>) -> Self {
        Self {
            node: Node::Scalar(scalar),
            arena: None,
            of: PhantomData,
        }
    }

    /// The expression behind the reference.
    #[doc(hidden)]
    #[must_use]
    pub fn node(self) -> Node<'s> {
        self.node
    }

    /// The same value, seen as another type of the same JSON.
    #[doc(hidden)]
    #[must_use]
    pub fn cast<U: ?Sized>(self) -> Ref<'s, U> {
        Ref {
            node: self.node,
            arena: self.arena,
            of: PhantomData,
        }
    }

    /// Keeps the references of this value's fields.
    #[doc(hidden)]
    pub fn keep<F: Copy>(self, fields: F) -> &'s F {
        self.arena().value(fields)
    }

    /// A field that is always there.
    #[doc(hidden)]
    #[must_use]
    pub fn field<U: ?Sized>(self, name: &'static str) -> Ref<'s, U> {
        self.read(name, Presence::Required)
    }

    /// A field that may be absent.
    #[doc(hidden)]
    #[must_use]
    pub fn optional_field<U: ?Sized>(self, name: &'static str) -> Ref<'s, U> {
        self.read(name, Presence::Optional)
    }

    /// A field that has a default where it is absent.
    #[doc(hidden)]
    #[must_use]
    pub fn default_field<U: ?Sized>(
        self,
        name: &'static str,
        default: &impl Serialize,
    ) -> Ref<'s, U> {
        let text = self.arena().text(&crate::data::json_text(default));
        self.read(name, Presence::Default(text))
    }

    /// A flattened field: those of its names among the fields of this value, and nothing else.
    #[doc(hidden)]
    #[must_use]
    pub fn flattened_field<U: SagaData>(self) -> Ref<'s, U> {
        let arena = self.arena();
        let of = arena.node(self.root());
        let fields = crate::data::fields_of::<U>(Ref::new(arena, *of), arena);
        Ref::new(arena, Node::Pick { of, fields })
    }

    fn read<U: ?Sized>(self, name: &'static str, presence: Presence<'s>) -> Ref<'s, U> {
        let arena = self.arena();
        Ref::new(
            arena,
            Node::Field {
                of: arena.node(self.root()),
                name,
                presence,
            },
        )
    }

    /// A projection's fields are those of the object it projects.
    fn root(self) -> Node<'s> {
        match self.node {
            Node::Pick { of, .. } => *of,
            node => node,
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "INVARIANT: only scalars are without an arena, and they have no fields"
    )]
    fn arena(self) -> &'s Arena {
        self.arena.expect("a constant has no fields")
    }
}

impl<'s, T> Ref<'s, Option<T>> {
    /// Nothing, where a value may be absent: `TicketRef { coupon: Ref::none() }`.
    #[must_use]
    pub const fn none() -> Self {
        Self::scalar(Scalar::Null)
    }

    /// A value, where one may be absent: `TicketRef { coupon: Ref::some("SPRING") }`.
    #[must_use]
    pub fn some(value: impl Into<Ref<'s, T>>) -> Self {
        value.into().cast()
    }
}

impl<'s, T: SagaData> Ref<'s, Option<T>> {
    /// What `read` makes of the value, where there is one.
    #[must_use]
    pub fn map<U>(self, read: impl FnOnce(Ref<'s, T>) -> Ref<'s, U>) -> Ref<'s, Option<U>> {
        self.and_then(|value| read(value).cast())
    }

    /// What `read` makes of the value, where there is one: perhaps nothing again.
    #[must_use]
    pub fn and_then<U>(
        self,
        read: impl FnOnce(Ref<'s, T>) -> Ref<'s, Option<U>>,
    ) -> Ref<'s, Option<U>> {
        // A constant nothing has no fields that could be read.
        if self.node == Node::Scalar(Scalar::Null) {
            return self.cast();
        }
        self.choose(read(self.cast()).cast(), Ref::none())
    }

    /// The value, or `other` where there is none.
    #[must_use]
    pub fn or(self, other: impl Into<Ref<'s, T>>) -> Ref<'s, T> {
        self.choose(self.cast(), other.into())
    }

    /// One of two values, which is known already where this one is a constant.
    fn choose<U: ?Sized>(self, then: Ref<'s, U>, otherwise: Ref<'s, U>) -> Ref<'s, U> {
        match (self.arena, self.node) {
            (None, Node::Scalar(Scalar::Null)) => otherwise,
            (None, _) => then,
            (Some(arena), value) => Ref::new(
                arena,
                Node::IfPresent {
                    value: arena.node(value),
                    then: arena.node(then.node),
                    otherwise: arena.node(otherwise.node),
                },
            ),
        }
    }
}

impl<'s, T> From<Ref<'s, T>> for Ref<'s, Option<T>> {
    fn from(value: Ref<'s, T>) -> Self {
        Self::some(value)
    }
}

impl<'s> From<&'s str> for Ref<'s, String> {
    fn from(text: &'s str) -> Self {
        Self::scalar(Scalar::Text(text))
    }
}

impl From<()> for Ref<'_, ()> {
    /// The value of what has none.
    fn from((): ()) -> Self {
        Self::scalar(Scalar::Null)
    }
}

impl From<bool> for Ref<'_, bool> {
    fn from(value: bool) -> Self {
        Self::scalar(Scalar::Bool(value))
    }
}

macro_rules! numbers {
    ($($kind:ident: $($type:ty),*;)*) => {$($(
        impl From<$type> for Ref<'_, $type> {
            fn from(value: $type) -> Self {
                Self::scalar(Scalar::$kind(value.into()))
            }
        }
    )*)*};
}

numbers! {
    Integer: i8, i16, i32, i64, u8, u16, u32;
    Unsigned: u64;
    Float: f32, f64;
}

impl<T> Default for Ref<'_, Option<T>> {
    /// [`Ref::none`].
    fn default() -> Self {
        Self::none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A constant stays what it is.
    #[track_caller]
    fn check(value: Ref<'_, String>, expected: &str) {
        assert_eq!(value.node(), Node::Scalar(Scalar::Text(expected)));
    }

    #[test]
    fn a_constant_option_is_chosen_at_once() {
        let some = Ref::<Option<String>>::some("some");
        let none = Ref::<Option<String>>::none();
        check(some.or("other"), "some");
        check(none.or("other"), "other");
        check(some.map(|value| value).or("other"), "some");
        check(none.map(|value| value).or("other"), "other");
    }

    #[test]
    fn the_fields_of_a_constant_nothing_are_not_asked_for() {
        let none = Ref::<Option<std::collections::BTreeMap<String, String>>>::none();
        let read = none.map(|_| -> Ref<'_, String> { panic!("read") });
        assert_eq!(read.node(), Node::Scalar(Scalar::Null));
    }
}
