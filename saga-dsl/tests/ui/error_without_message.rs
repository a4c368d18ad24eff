//! What happened is not said in words.

use saga_dsl::prelude::*;

#[derive(SagaError)]
enum ChargeError {
    Refused,
}

fn main() {}
