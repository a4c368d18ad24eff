//! DynamoDB: put, get, update and delete of one item; locks and amounts.

/// Calls that lose nothing of what they are when more is said about them.
macro_rules! says_more {
    ($type:ident, $step:ident $(, $number:ident: $bound:ident)?) => {
        impl<'s, T: Table $(, $number: $bound)?> $type<'s, T $(, $number)?> {
            /// Names this instance of the step: the name of its state, unique in the saga.
            pub fn named(self, name: &'s str) -> Self {
                self.saying(|call| call.named(name))
            }

            /// Retries a declared error of the step otherwise than its declaration says.
            pub fn retry<K: crate::error::RaisedBy<$step<T>>>(
                self,
                on: K,
                policy: crate::retry::Retry,
            ) -> Self {
                self.saying(|call| call.retry(on, policy))
            }

            /// Retries every error that has no policy of its own.
            pub fn retry_others(self, policy: crate::retry::Retry) -> Self {
                self.saying(|call| call.retry_others(policy))
            }

            /// Gives this call another time: whole seconds.
            pub fn timeout(self, timeout: Duration) -> Self {
                self.saying(|call| call.timeout(timeout))
            }

            /// Does it only where the condition holds too for the item that is there.
            #[track_caller]
            pub fn when(
                self,
                test: impl FnOnce(Ref<'s, T::Item>) -> Condition<'s> + 's,
            ) -> Self {
                let at = Location::caller();
                self.saying(|call| when(call, test, at))
            }
        }
    };
}

mod amount;
mod error;
mod lock;
mod update;

use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

use saga_manifest::task::{Condition as Lowered, Shape, Task};

use super::attributes;
use crate::condition::Condition;
use crate::data::{Literal, shape};
use crate::error::Never;
use crate::node::{Arena, Node};
use crate::recorder::Recorder;
use crate::reference::Ref;
use crate::resource::{Table, instance};
use crate::step::{Call, Prepared, Step, Undoes};

pub(crate) use self::amount::change;
pub use self::amount::{Change, Inverse, Number};
pub(crate) use self::error::CONDITION_FAILED;
pub use self::error::{AmountError, DynamodbError, LockError, ReleaseError, VersionError};
pub(crate) use self::lock::lock;
pub use self::lock::{Acquire, Locked};
pub(crate) use self::update::update;
pub use self::update::{Assignment, Assignments};

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident: $verb:literal, $output:ty, $error:ty;)*) => {$(
        $(#[$doc])*
        pub struct $name<T>(PhantomData<fn() -> T>);

        impl<T: Table> Step for $name<T> {
            type Output = $output;
            type Error = $error;
            type Service = Never;

            fn name() -> String {
                instance($verb, &T::declare().name)
            }

            const TIMEOUT: Duration = Duration::from_secs(5);
        }

    )*};
}

operations! {
    /// A put of an item.
    Put: "Put", (), DynamodbError;
    /// A get of an item.
    Get: "Get", Option<T::Item>, DynamodbError;
    /// An update of an item.
    Update: "Update", (), DynamodbError;
    /// An update of an item from the version that was read.
    UpdateFrom: "Update", (), VersionError;
    /// A delete of an item.
    Delete: "Delete", (), DynamodbError;
    /// A lock of an item.
    Lock: "Lock", (), LockError;
    /// The end of a lock.
    Release: "Release", (), ReleaseError;
    /// A change of a number.
    Add: "Change", (), AmountError;
}

#[diagnostic::do_not_recommend]
impl<T: Table> Undoes<Put<T>> for Update<T> {}
#[diagnostic::do_not_recommend]
impl<T: Table> Undoes<Put<T>> for Delete<T> {}
#[diagnostic::do_not_recommend]
impl<T: Table> Undoes<Self> for Update<T> {}
#[diagnostic::do_not_recommend]
impl<T: Table> Undoes<Self> for UpdateFrom<T> {}

pub(crate) fn put<'s, T: Table>(
    item: impl Literal<'s, Data = T::Item> + 's,
) -> Prepared<'s, Put<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.table::<T>();
        let item = attributes::<T::Item>(item.write(arena), arena);
        Task::DynamodbPut {
            table: T::declare().name,
            item,
            condition: None,
        }
    })
}

pub(crate) fn get<'s, T: Table>(key: T::Key<'s>) -> Prepared<'s, Get<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.table::<T>();
        let item = match shape::<T::Item>() {
            Shape::Object(fields) => fields,
            _ => Vec::new(),
        };
        Task::DynamodbGet {
            table: T::declare().name,
            key: T::key_attributes(key, arena),
            item,
            again: None,
        }
    })
}

/// Whether an item needs no more than its key and these attributes, so that it may be made of them.
fn needs_only<T: Table>(attributes: &[&str]) -> bool {
    let entry = T::declare();
    let keys = std::iter::once(&entry.partition_key).chain(&entry.sort_key);
    let known: Vec<_> = keys.map(|key| key.name.as_str()).collect();
    let Shape::Object(fields) = shape::<T::Item>() else {
        return false;
    };
    fields.iter().all(|field| {
        let name = field.name.as_str();
        matches!(field.shape, Shape::Optional(_))
            || known.contains(&name)
            || attributes.contains(&name)
    })
}

pub(crate) fn delete<'s, T: Table>(key: T::Key<'s>) -> Prepared<'s, Delete<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.table::<T>();
        Task::DynamodbDelete {
            table: T::declare().name,
            key: T::key_attributes(key, arena),
            condition: None,
        }
    })
}

/// A write of a table's item, which may be given a condition.
pub trait Conditional<'s>: Call<'s> {
    /// The table.
    type Table: Table;

    /// Does it only where the condition holds for the item that is there; else nothing is written, and
    /// the step fails as when DynamoDB's own condition does: [`DynamodbError::ConditionalCheckFailed`],
    /// or what it means for this write.
    #[track_caller]
    fn when(
        self,
        test: impl FnOnce(Ref<'s, <Self::Table as Table>::Item>) -> Condition<'s> + 's,
    ) -> Prepared<'s, Self::Step> {
        when(self.prepare(), test, Location::caller())
    }
}

fn when<'s, S: Step, D>(
    call: Prepared<'s, S>,
    test: impl FnOnce(Ref<'s, D>) -> Condition<'s> + 's,
    at: &'static Location<'static>,
) -> Prepared<'s, S> {
    call.lowered(move |task, arena: &'s Arena, recorder: &mut Recorder| {
        let test = test(Ref::new(arena, Node::Row)).lower(recorder, at);
        conditioned(task, test)
    })
}

macro_rules! conditional {
    ($($operation:ident),*) => {$(
        impl<'s, T: Table> Conditional<'s> for Prepared<'s, $operation<T>> {
            type Table = T;
        }
    )*};
}

conditional!(Put, Update, UpdateFrom, Delete, Lock, Add);

fn conditioned(mut task: Task, test: Lowered) -> Task {
    if let Task::DynamodbPut { condition, .. }
    | Task::DynamodbUpdate { condition, .. }
    | Task::DynamodbLock { condition, .. }
    | Task::DynamodbAdd { condition, .. }
    | Task::DynamodbDelete { condition, .. } = &mut task
    {
        *condition = Some(match condition.take() {
            Some(first) => Lowered::All(vec![first, test]),
            None => test,
        });
    }
    task
}
