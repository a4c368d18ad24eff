//! A step with no time cannot do its work.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = String, timeout = "0s")]
struct ChargeFare {
    fare_id: String,
}

impl Handler for ChargeFare {
    async fn handle(self, _: &(), _: &Context) -> Result<String, Never> {
        Ok(self.fare_id)
    }
}

fn main() {}
