//! A `Ref` is not the value, which is there only when the saga runs: `saga.choose` compares it then, by
//! `trip.price.is_greater_than(5)`.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn pay<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    if trip.price > 5 {
        saga.read(CheckRef { trip: trip.id });
    }
}

fn main() {}
