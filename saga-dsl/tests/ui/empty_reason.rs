//! Why clear data has to be in the history is not said.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Saga)]
#[saga(history_key(created, reason = ""))]
struct FareProcessing;

#[derive(Serialize, Deserialize, SagaData)]
struct Fare {
    fare_id: String,
}

fn main() {}
