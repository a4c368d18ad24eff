//! A saga states what undoes it.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn insure<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    let insure = Insuring::call(PolicyRef { trip: trip.id });
    saga.step(insure.compensate(|_| TellRef { trip: trip.id }));
}

fn main() {}
