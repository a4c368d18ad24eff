//! What is taken for an answer is of the answer's type.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn approve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    let question = Questions::ask(ExpenseRef { trip: trip.id, price: trip.price });
    let question = question.within(Duration::from_secs(60));
    saga.approve("Approve", question.unanswered(trip.id));
}

fn main() {}
