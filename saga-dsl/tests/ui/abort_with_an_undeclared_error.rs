//! A saga fails with an error that is declared.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn check<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    saga.abort_if("IsItDear", trip.price.is_greater_than(5_000), "TooDear");
}

fn main() {}
