//! The point of no return is the whole saga's.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn pivot<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    saga.both(
        "Reserve",
        |saga| {
            let (_, paid) = saga.pivot(PayRef { trip: trip.id, price: trip.price });
            paid
        },
        |saga| reserve_hotel(saga, trip),
    );
}

fn main() {}
