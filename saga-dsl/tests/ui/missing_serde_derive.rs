//! What a saga carries is JSON.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(SagaData)]
struct Charge {
    charge_id: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Receipt {
    charge: Charge,
}

fn main() {}
