//! A saga's data has one schema.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Page<T> {
    items: Vec<T>,
}

fn main() {}
