//! Ten of what?

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(timeout = 10)]
struct ShipOrder {
    order: String,
}

impl Handler for ShipOrder {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

fn main() {}
