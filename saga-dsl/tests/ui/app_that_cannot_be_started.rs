//! A handler's clients are made once, when its process starts.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

struct Client;

#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Client)]
struct ShipOrder {
    order: String,
}

impl Handler for ShipOrder {
    async fn handle(self, _: &Client, _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

fn main() {}
