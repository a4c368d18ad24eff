//! What a map goes over.

use crate::data::SagaData;
use crate::reference::Ref;

/// A list with its bounds.
#[derive(Clone, Copy)]
pub struct Items<'s, T> {
    pub(super) list: Ref<'s, Vec<T>>,
    pub(super) at_most: u32,
    pub(super) at_a_time: u32,
}

/// What a map goes over: a list, or a list with bounds of its own.
#[diagnostic::on_unimplemented(
    message = "this is no list",
    label = "a map goes over a `Ref<Vec<…>>`",
    note = "read the list of it, or do what is to be done once without a map"
)]
pub trait List<'s> {
    /// What is in the list.
    type Item: SagaData;

    /// The list with its bounds.
    #[doc(hidden)]
    fn items(self) -> Items<'s, Self::Item>;
}

impl<'s, T: SagaData> Ref<'s, Vec<T>> {
    /// States how many items the list may have, at least 1: one with more fails before anything is done
    /// with its items. Without it: 100.
    #[must_use]
    pub fn at_most(self, items: u32) -> Items<'s, T> {
        Items {
            at_most: items,
            ..self.items()
        }
    }

    /// States how many items are worked on at a time, 1 to 40. Without it: 10.
    #[must_use]
    pub fn at_a_time(self, items: u32) -> Items<'s, T> {
        self.items().at_a_time(items)
    }
}

impl<T> Items<'_, T> {
    /// States how many items are worked on at a time, 1 to 40. Without it: 10.
    #[must_use]
    pub fn at_a_time(self, items: u32) -> Self {
        Self {
            at_a_time: items,
            ..self
        }
    }

    /// States how many items the list may have, at least 1. Without it: 100.
    #[must_use]
    pub fn at_most(self, items: u32) -> Self {
        Self {
            at_most: items,
            ..self
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'s, T: SagaData> List<'s> for Ref<'s, Vec<T>> {
    type Item = T;

    fn items(self) -> Items<'s, T> {
        Items {
            list: self,
            at_most: 100,
            at_a_time: 10,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'s, T: SagaData> List<'s> for Items<'s, T> {
    type Item = T;

    fn items(self) -> Self {
        self
    }
}
