//! Nobody may have answered in time.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn approve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    let question = Questions::ask(ExpenseRef { trip: trip.id, price: trip.price });
    saga.approve("Approve", question.within(Duration::from_secs(60)));
}

fn main() {}
