//! The content of a variant has no names.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
enum Payment {
    Card(String, u32),
    Cash,
}

fn main() {}
