//! What has no order is equal or not.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn choose<'s>(trip: Ref<'s, Trip>) -> Condition<'s> {
    trip.by_train.is_less_than(true)
}

fn main() {}
