//! Semantic locks: an item that names the saga which holds it.

use std::panic::Location;
use std::time::Duration;

use saga_manifest::task::{Basis, Task};

use super::update::{Assignments, update};
use super::{Lock, Release, Update, needs_only, when};
use crate::condition::Condition;
use crate::node::Arena;
use crate::reference::Ref;
use crate::resource::Table;
use crate::step::{Call, Prepared};

/// A lock that [`Flow::lock`](crate::Flow::lock) is to take.
#[must_use = "a lock is taken with `saga.lock(…)`"]
pub struct Acquire<'s, T: Table> {
    pub(crate) call: Prepared<'s, Lock<T>>,
    pub(crate) key: T::Key<'s>,
}

says_more!(Acquire, Lock);

impl<'s, T: Table> Acquire<'s, T> {
    fn saying(self, more: impl FnOnce(Prepared<'s, Lock<T>>) -> Prepared<'s, Lock<T>>) -> Self {
        Self {
            call: more(self.call),
            key: self.key,
        }
    }
}

pub(crate) fn lock<'s, T: Table>(key: T::Key<'s>) -> Acquire<'s, T> {
    let call = Prepared::new(move |arena: &'s Arena, recorder| {
        recorder.table::<T>();
        Task::DynamodbLock {
            table: T::declare().name,
            key: T::key_attributes(key, arena),
            creates: needs_only::<T>(&[]),
            condition: None,
        }
    });
    Acquire { call, key }
}

/// A semantic lock that the saga holds: the only way to change the item. It is given back where the saga is
/// undone, and has to be on every way on which the saga is completed: by `saga.forward(lock.release())`, or
/// `saga.pivot(lock.release())` in a saga without another point of no return. A saga that is parked keeps it,
/// and the message to the operators says so.
#[must_use = "the lock has to be given back: `saga.forward(lock.release())`"]
pub struct Locked<'s, T: Table> {
    key: T::Key<'s>,
    step: &'s str,
}

/// For ways of which each gives the lock back.
impl<T: Table> Clone for Locked<'_, T> {
    fn clone(&self) -> Self {
        Self {
            key: self.key,
            step: self.step,
        }
    }
}

impl<'s, T: Table> Locked<'s, T> {
    pub(crate) fn new(key: T::Key<'s>, step: &'s str) -> Self {
        Self { key, step }
    }

    /// Updates attributes of the item, which nobody else does meanwhile.
    #[track_caller]
    pub fn update<A: Assignments<'s>>(
        &self,
        set: impl FnOnce(Ref<'s, T::Item>) -> A + 's,
    ) -> Prepared<'s, Update<T>> {
        let basis = Basis::Lock(self.step.to_owned());
        update::<T, _, A>(self.key, Some(basis), set, Location::caller())
    }

    /// Gives the lock back.
    #[must_use]
    pub fn release(self) -> Prepared<'s, Release<T>> {
        let Self { key, step } = self;
        Prepared::new(move |arena, recorder| {
            recorder.table::<T>();
            Task::DynamodbRelease {
                table: T::declare().name,
                key: T::key_attributes(key, arena),
                lock: step.to_owned(),
                creates: needs_only::<T>(&[]),
            }
        })
    }
}
