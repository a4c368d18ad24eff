//! A way goes on, or nothing follows.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn end<'s>(saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Booked> {
    let (saga, value) = saga.choose_way::<Booked, _, _>(
        "IsItFree",
        trip.price.equals(0),
        |saga| saga.abort("Free", TripError::TooDear),
        |saga| saga.abort("Dear", TripError::TooDear),
    );
    saga.complete(value)
}

fn main() {}
