//! A parallel has two branches at least.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn reserve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    saga.parallel("Reserve").branch(|saga| reserve_flight(saga, trip)).join();
}

fn main() {}
