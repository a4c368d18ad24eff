//! A step's struct holds values, which are there when the saga runs; its call holds references to them.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn tell<'s>(saga: &mut Flow<'s, '_>) {
    saga.read(Tell { trip: "the first".to_owned() });
}

fn main() {}
