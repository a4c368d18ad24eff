//! A handler uses tables, topics and queues.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

struct Fares;

#[derive(Serialize, Deserialize, SagaStep)]
#[step(uses(Fares(get)))]
struct ChargeFare {
    fare_id: String,
}

impl Handler for ChargeFare {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

fn main() {}
