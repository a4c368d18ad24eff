//! What undoes a step is a step too.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(compensation = RefundOrder)]
struct PayOrder {
    order: String,
}

#[derive(Serialize, Deserialize)]
struct RefundOrder {
    order: String,
}

impl Handler for PayOrder {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

impl Handler for RefundOrder {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

fn main() {}
