//! What a saga is started with is not the saga.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;

include!("../../docs/trip.rs");

fn main() {
    // As `saga_lambda::main!(Trip)` does.
    saga_dsl::Package::new().saga::<Trip>();
}
