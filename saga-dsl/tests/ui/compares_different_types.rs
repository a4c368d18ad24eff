//! Both sides of a comparison have one type.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn choose<'s>(trip: Ref<'s, Trip>) -> Condition<'s> {
    trip.price.is_greater_than(trip.id)
}

fn main() {}
