//! A struct that was not declared as a step undoes nothing.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(compensation = Refund)]
struct ChargeFare {
    fare_id: String,
}

struct Refund;

impl Handler for ChargeFare {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

fn main() {}
