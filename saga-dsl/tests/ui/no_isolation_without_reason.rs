//! That sagas need not be kept apart is a judgement, and is written down.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Order {
    id: String,
}

#[derive(SagaTable)]
#[table(item = Order, partition_key = id: String, isolation = none)]
struct Orders;

fn main() {}
