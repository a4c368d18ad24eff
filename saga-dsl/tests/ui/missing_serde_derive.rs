//! What a saga carries is JSON.

use saga_dsl::prelude::*;

#[derive(SagaData)]
struct Charge {
    charge_id: String,
}

fn main() {}
