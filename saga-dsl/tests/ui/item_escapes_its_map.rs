//! A reference to an item is of no use outside of its map.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn escape<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    let mut last = None;
    saga.map("Each", trip.travellers, |_, traveller| {
        last = Some(traveller);
        traveller.name
    });
}

fn main() {}
