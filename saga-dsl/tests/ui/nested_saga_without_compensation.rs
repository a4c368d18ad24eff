//! A saga that is nested is undone as any step.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn insure<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    saga.step(Insuring::call(PolicyRef { trip: trip.id }));
}

fn main() {}
