//! The step says that its output is a number.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = u32)]
struct CountPassengers {
    fare_id: String,
}

impl Handler for CountPassengers {
    async fn handle(self, _: &(), _: &Context) -> Result<String, Never> {
        Ok(self.fare_id)
    }
}

fn main() {}
