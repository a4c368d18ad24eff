//! A path is not data of a saga.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Fare {
    #[serde(rename = "fareId")]
    fare_id: std::path::PathBuf,
}

fn main() {}
