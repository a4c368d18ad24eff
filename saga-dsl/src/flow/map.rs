//! The same for each item of a list.

use std::panic::Location;

use saga_manifest::flow::{Map, Node as RecordedNode};

use super::{Flow, List, Within};
use crate::data::SagaData;
use crate::node::Node;
use crate::place;
use crate::reference::Ref;

/// The most items that are worked on at a time (developer guide of Step Functions, "Map state in Inline
/// mode": concurrent iterations up to 40).
const AT_A_TIME: u32 = 40;

impl<'s, P> Flow<'s, '_, P> {
    /// Does the same for each item of a list. Its value is the list of the items' values, in the list's
    /// order.
    ///
    /// Each item has the compensations of its own steps. An item never raises: when one fails, no further
    /// one is started, those at work come to their ends, and what was done is undone, the last first.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn seats<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) -> Ref<'s, Vec<Booked>> {
    ///     saga.map("ReserveSeats", trip.travellers.at_most(9).at_a_time(3), |saga, traveller| {
    ///         saga.step(
    ///             ReserveSeatRef { trip: trip.id, name: traveller.name }
    ///                 .compensate(|_| ReleaseSeatRef { trip: trip.id, name: traveller.name }),
    ///         )
    ///     })
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn map<L: List<'s>, T: SagaData>(
        &mut self,
        name: &str,
        list: L,
        define: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>, Ref<'i, L::Item>) -> Ref<'i, T>,
    ) -> Ref<'s, Vec<T>> {
        self.map_indexed(name, list, move |saga, item, _| define(saga, item))
    }

    /// The same, with each item's index, from 0.
    #[track_caller]
    pub fn map_indexed<L: List<'s>, T: SagaData>(
        &mut self,
        name: &str,
        list: L,
        define: impl for<'i> FnOnce(
            &mut Flow<'i, 's, Within<P>>,
            Ref<'i, L::Item>,
            Ref<'i, u32>,
        ) -> Ref<'i, T>,
    ) -> Ref<'s, Vec<T>> {
        let at = Location::caller();
        let items = list.items();
        self.check_bounds(items.at_most, items.at_a_time, at);
        let (arena, text) = (self.arena, self.arena.text(name));
        let item = Ref::new(arena, Node::Item(text));
        let index = Ref::new(arena, Node::ItemIndex(text));
        let block = self.part(move |saga| define(saga, item, index));
        self.recorder.push(RecordedNode::Map(Box::new(Map {
            name: name.into(),
            description: None,
            place: place::of(at),
            items: items.list.node().to_expr(),
            at_most: items.at_most,
            max_concurrency: items.at_a_time,
            item: block,
        })));
        self.output(name)
    }

    fn check_bounds(&mut self, at_most: u32, at_a_time: u32, at: &Location<'_>) {
        if at_most == 0 {
            self.recorder.problem(
                "this map's list has no items at most",
                "state the most items that the list may have: `list.at_most(20)`",
                at,
            );
        }
        if !(1..=AT_A_TIME).contains(&at_a_time) {
            self.recorder.problem(
                &format!("this map works on {at_a_time} items at a time"),
                &format!("state 1 to {AT_A_TIME}: `list.at_a_time(5)`"),
                at,
            );
        }
    }
}
