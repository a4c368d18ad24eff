//! A `Ref` is not the value, which is there only when the saga runs: text is made of it by a step's handler.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn note(trip: Ref<'_, Trip>) -> String {
    format!("a trip of {} km", trip.kilometres)
}

fn main() {}
