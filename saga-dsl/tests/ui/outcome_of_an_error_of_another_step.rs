//! A call knows better only of errors that its step declares.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn approve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) {
    let question = Questions::ask(ExpenseRef { trip: trip.id, price: trip.price });
    let _ = question;
    let tell = TellRef { trip: trip.id };
    saga.read(tell.outcome(TripErrorKind::TooDear, Outcome::Unknown, "it may have told"));
}

fn main() {}
