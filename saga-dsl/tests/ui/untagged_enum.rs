//! Nothing would tell a charge from a refund.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Charge {
    charge_id: String,
    amount: String,
}

#[derive(Serialize, Deserialize, SagaData)]
#[serde(untagged)]
enum Payment {
    Charge(Charge),
    Refund(Charge),
}

fn main() {}
