//! A branch ends with its value.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn complete<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    saga.both(
        "Reserve",
        |saga| {
            saga.complete(trip.id);
            trip.id
        },
        |saga| reserve_hotel(saga, trip),
    );
}

fn main() {}
