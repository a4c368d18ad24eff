//! A fare has a `fare_id`.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Fare {
    fare_id: String,
}

#[derive(SagaTable)]
#[table(item = Fare, partition_key = id: String, isolation = reread)]
struct Fares;

fn main() {}
