//! Branches at the same time.

use std::panic::Location;

use saga_manifest::flow::{Node as RecordedNode, Parallel as RecordedParallel};

use super::{Flow, Within};
use crate::data::SagaData;
use crate::node::Node;
use crate::place;
use crate::reference::Ref;

/// Branches that run at the same time, as far as they are stated: [`Flow::parallel`].
#[must_use = "`.join()` gives the branches' values"]
pub struct Parallel<'f, 's, 'env, P, V> {
    flow: &'f mut Flow<'s, 'env, P>,
    value: &'s Node<'s>,
    index: u32,
    values: V,
}

/// The values of branches, which one more can be added to.
#[diagnostic::on_unimplemented(
    message = "a parallel has 12 branches at most",
    label = "one too many",
    note = "let one of the branches be a parallel of its own"
)]
pub trait Append<T> {
    /// The tuple with it.
    type Appended;

    /// One more.
    #[doc(hidden)]
    fn append(self, value: T) -> Self::Appended;
}

/// The values of two branches at least.
#[diagnostic::on_unimplemented(
    message = "a parallel has two branches at least",
    label = "what runs on its own needs no parallel",
    note = "add `.branch(|saga| …)`"
)]
pub trait Several {}

impl<'s, 'env, P> Flow<'s, 'env, P> {
    /// Two branches at the same time. Its value is theirs.
    ///
    /// A branch never raises: when one fails, the other comes to its end; then what both did is undone,
    /// the last first.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn reserve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) -> Ref<'s, Reservation> {
    ///     let (flight, hotel) = saga.both(
    ///         "ReserveTravel",
    ///         |saga| reserve_flight(saga, trip),
    ///         |saga| reserve_hotel(saga, trip),
    ///     );
    ///     saga.data(ReservationRef { flight: flight.id, hotel: hotel.id })
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn both<A: SagaData, B: SagaData>(
        &mut self,
        name: &str,
        one: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, A>,
        other: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, B>,
    ) -> (Ref<'s, A>, Ref<'s, B>) {
        self.parallel(name).branch(one).branch(other).join()
    }

    /// Two branches and more, up to 12: `saga.parallel("ReserveTravel").branch(|saga| …).branch(|saga| …)
    /// .branch(|saga| …).join()`.
    #[track_caller]
    pub fn parallel(&mut self, name: &str) -> Parallel<'_, 's, 'env, P, ()> {
        let at = Location::caller();
        self.recorder.push(RecordedNode::Parallel(RecordedParallel {
            name: name.into(),
            description: None,
            place: place::of(at),
            branches: Vec::new(),
        }));
        Parallel {
            value: self.arena.node(self.output::<()>(name).node()),
            flow: self,
            index: 0,
            values: (),
        }
    }
}

impl<'f, 's, 'env, P, V> Parallel<'f, 's, 'env, P, V> {
    /// One more branch.
    pub fn branch<T: SagaData>(
        self,
        define: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, T>,
    ) -> Parallel<'f, 's, 'env, P, V::Appended>
    where
        V: Append<Ref<'s, T>>,
    {
        let block = self.flow.part(define);
        self.flow.recorder.add_branch(block);
        let node = Node::Element {
            of: self.value,
            index: self.index,
        };
        Parallel {
            values: self.values.append(Ref::new(self.flow.arena, node)),
            flow: self.flow,
            value: self.value,
            index: self.index + 1,
        }
    }

    /// The branches' values, in their order. The saga goes on when all have ended.
    pub fn join(self) -> V
    where
        V: Several,
    {
        self.values
    }
}

macro_rules! append {
    () => {};
    ($first:ident $($rest:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($rest,)* Added> Append<Added> for ($($rest,)*) {
            type Appended = ($($rest,)* Added,);

            #[allow(non_snake_case, reason = "a value is named as its type")]
            fn append(self, value: Added) -> Self::Appended {
                let ($($rest,)*) = self;
                ($($rest,)* value,)
            }
        }

        append!($($rest)*);
    };
}

macro_rules! several {
    ($one:ident) => {};
    ($first:ident $($rest:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$first, $($rest),*> Several for ($first, $($rest,)*) {}
        several!($($rest)*);
    };
}

append!(A B C D E F G H I J K L);
several!(A B C D E F G H I J K L);
