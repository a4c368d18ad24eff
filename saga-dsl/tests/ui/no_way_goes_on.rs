//! A way goes on, or nothing follows.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn end<'s>(saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Booked> {
    let (saga, value) = saga.choose_way::<Booked, _, _>(
        "IsItFree",
        trip.price.equals(0),
        |saga| saga.abort("Free", TripErrorKind::TooDear, "it is free"),
        |saga| saga.abort("Dear", TripErrorKind::TooDear, "it is not"),
    );
    saga.complete(value)
}

fn main() {}
