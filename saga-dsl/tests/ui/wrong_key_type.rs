//! A fare's id is text.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Fare {
    fare_id: String,
}

#[derive(SagaTable)]
#[table(item = Fare, partition_key = fare_id: u64, isolation = reread)]
struct Fares;

fn main() {}
