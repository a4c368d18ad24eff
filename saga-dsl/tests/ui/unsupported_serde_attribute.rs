//! A field has one name.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Charge {
    charge_id: String,
    #[serde(alias = "sum")]
    amount: String,
}

fn main() {}
