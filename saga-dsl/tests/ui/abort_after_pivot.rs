//! After the pivot there is no way back.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn pay<'s>(saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Booked> {
    let (mut saga, paid) = saga.pivot(PayRef { trip: trip.id, price: trip.price });
    saga.abort_if("IsItDear", trip.price.is_greater_than(5_000), TripError::TooDear);
    saga.complete(paid)
}

fn main() {}
