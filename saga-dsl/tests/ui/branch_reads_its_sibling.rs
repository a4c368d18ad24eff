//! Branches run at the same time: none has the other's outputs.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn read<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    let mut flight = trip.id;
    saga.both(
        "Reserve",
        |saga| {
            flight = reserve_flight(saga, trip).id;
            trip.id
        },
        |saga| reserve_part(saga, "ReserveSeat", flight),
    );
}

fn main() {}
