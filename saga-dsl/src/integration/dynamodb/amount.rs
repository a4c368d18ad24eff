//! Commutative updates: amounts that are added to a number, or subtracted from it.

use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

use saga_manifest::expr::Expr;
use saga_manifest::task::{Direction, Task};

use super::{Add, needs_only, when};
use crate::condition::Condition;
use crate::data::SagaData;
use crate::node::{Arena, Node};
use crate::reference::Ref;
use crate::resource::Table;
use crate::step::{Call, Compensated, MaybeOutput, Prepared};

/// A whole number that amounts are added to and subtracted from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no whole number",
    label = "amounts are added to whole numbers"
)]
pub trait Number: SagaData {}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Number for $type {}
    )*};
}

numbers!(i8, i16, i32, i64, u8, u16, u32, u64);

/// A change of a number by an amount. As a step it is compensated by its inverse.
#[must_use = "a change is made by a step: `saga.step(….undone_by_inverse())`"]
pub struct Change<'s, T: Table, N> {
    call: Prepared<'s, Add<T>>,
    what: What<'s, T>,
    of: PhantomData<fn() -> N>,
}

/// What is changed.
struct What<'s, T: Table> {
    key: T::Key<'s>,
    attribute: String,
    direction: Direction,
    amount: Node<'s>,
}

says_more!(Change, Add, N: Number);

impl<'s, T: Table, N: Number> Change<'s, T, N> {
    fn saying(self, more: impl FnOnce(Prepared<'s, Add<T>>) -> Prepared<'s, Add<T>>) -> Self {
        Self {
            call: more(self.call),
            ..self
        }
    }

    /// Changes it only within this bound: of an addition, what the number may be at most after it; of a
    /// subtraction, at least, which is zero where nothing is said. A number that is not there yet is within no
    /// bound: the change is refused.
    pub fn within(self, bound: impl Into<Ref<'s, N>>) -> Self {
        let within = bound.into().node().to_expr();
        self.saying(|call| {
            call.lowered(move |mut task, _, _| {
                if let Task::DynamodbAdd { bound, .. } = &mut task {
                    *bound = Some(within);
                }
                task
            })
        })
    }

    /// The change as a compensatable step: where it is undone, what it added is subtracted, and what it
    /// subtracted is added, if it did, whatever others have added and subtracted since.
    pub fn undone_by_inverse(self) -> Inverse<'s, T> {
        let direction = match self.what.direction {
            Direction::Add => Direction::Subtract,
            Direction::Subtract => Direction::Add,
        };
        let undo = call(&What {
            direction,
            ..self.what
        });
        Inverse {
            call: self.call,
            undo,
        }
    }
}

impl<'s, T: Table, N: Number> Call<'s> for Change<'s, T, N> {
    type Step = Add<T>;

    fn prepare(self) -> Prepared<'s, Add<T>> {
        self.call
    }
}

/// A change with its inverse.
#[must_use = "a change is made by a step: `saga.step(…)`"]
pub struct Inverse<'s, T> {
    call: Prepared<'s, Add<T>>,
    undo: Prepared<'s, Add<T>>,
}

#[diagnostic::do_not_recommend]
impl<'s, T: Table> Compensated<'s> for Inverse<'s, T> {
    type Step = Add<T>;
    type Undo = Prepared<'s, Add<T>>;

    fn instance(&self) -> String {
        self.call.instance()
    }

    fn split(self, _: MaybeOutput<'s, Add<T>>) -> (Prepared<'s, Add<T>>, Self::Undo) {
        (self.call, self.undo)
    }
}

/// A change of the number that is found there.
pub(crate) fn change<'s, T: Table, N: Number>(
    direction: Direction,
    key: T::Key<'s>,
    number: impl for<'r> FnOnce(Ref<'r, T::Item>) -> Ref<'r, N>,
    amount: impl Into<Ref<'s, N>>,
) -> Change<'s, T, N> {
    let arena = Arena::default();
    let path = number(Ref::new(&arena, Node::Row)).node().row_path();
    let what = What {
        key,
        attribute: path.unwrap_or_default().join("."),
        direction,
        amount: amount.into().node(),
    };
    Change {
        call: call(&what),
        what,
        of: PhantomData,
    }
}

fn call<'s, T: Table>(what: &What<'s, T>) -> Prepared<'s, Add<T>> {
    let (key, direction) = (what.key, what.direction);
    let (attribute, amount) = (what.attribute.clone(), what.amount.to_expr());
    Prepared::new(move |arena, recorder| {
        recorder.table::<T>();
        Task::DynamodbAdd {
            table: T::declare().name,
            key: T::key_attributes(key, arena),
            creates: needs_only::<T>(&[&attribute]),
            attribute,
            direction,
            amount,
            bound: match direction {
                Direction::Subtract => Some(Expr::Literal(0.into())),
                Direction::Add => None,
            },
            condition: None,
        }
    })
}
