//! Nobody may ever answer.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn approve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    let question = Questions::ask(ExpenseRef { trip: trip.id, price: trip.price });
    saga.approve("Approve", question);
}

fn main() {}
