//! Why a step needs no fence is not said.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(unfenced = "")]
struct SetSeat {
    seat: String,
}

impl Handler for SetSeat {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

fn main() {}
