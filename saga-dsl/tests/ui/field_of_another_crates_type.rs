//! A saga carries JSON, and this crate knows what that is for types that are its own or yours.

use std::time::SystemTime;

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Order {
    placed_at: SystemTime,
}

fn main() {}
