//! There is one point of no return, and not one for each item.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn pivot<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    saga.map("Each", trip.travellers, |saga, _| {
        let (_, paid) = saga.pivot(PayRef { trip: trip.id, price: trip.price });
        paid
    });
}

fn main() {}
