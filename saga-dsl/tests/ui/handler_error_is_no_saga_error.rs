//! An error that nobody declared has no name to retry or catch it by.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = std::io::Error)]
struct ChargeFare {
    fare_id: String,
}

impl Handler for ChargeFare {
    async fn handle(self, _: &(), _: &Context) -> Result<(), std::io::Error> {
        Ok(())
    }
}

fn main() {}
