//! Which names a map has is known only when the saga runs.

use std::collections::BTreeMap;

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Fare {
    fare_id: String,
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
}

fn main() {}
