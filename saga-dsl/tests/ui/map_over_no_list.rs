//! A map goes over a list.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn each<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    saga.map("Each", trip.id, |_, letter| letter);
}

fn main() {}
