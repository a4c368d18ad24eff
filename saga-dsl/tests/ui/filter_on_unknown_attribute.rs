//! The topic's messages carry `is_successful`.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Attributes {
    is_successful: String,
}

#[derive(SagaTopic)]
#[topic(message = String, attributes = Attributes)]
struct Transactions;

#[derive(SagaQueue)]
#[queue(message = String, subscribe(Transactions, raw, filter(successful = "true")))]
struct Successes;

fn main() {}
