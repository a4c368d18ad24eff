//! The ways of a choice have values of one type.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn choose<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    saga.choose("HowToGo", trip.by_train.is_true(), |saga| reserve_train(saga, trip), |_| trip.id);
}

fn main() {}
