//! What follows two ways is before the pivot or after it.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn pay<'s>(saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Booked> {
    let (saga, paid) = saga.choose_way(
        "IsItFree",
        trip.price.equals(0),
        |mut saga| {
            let booked = reserve_flight(&mut saga, trip);
            saga.goes_on(booked)
        },
        |saga| {
            let (saga, paid) = saga.pivot(PayRef { trip: trip.id, price: trip.price });
            saga.goes_on(paid)
        },
    );
    saga.complete(paid)
}

fn main() {}
