//! What a branch did is known outside of it by its value alone.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn escape<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    let mut flight = None;
    saga.both(
        "Reserve",
        |saga| {
            let booked = reserve_flight(saga, trip);
            flight = Some(booked);
            booked
        },
        |saga| reserve_hotel(saga, trip),
    );
}

fn main() {}
