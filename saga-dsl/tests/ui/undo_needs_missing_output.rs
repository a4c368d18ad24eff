//! The undo asks for the id of a charge that may not be known.

#[path = "fare/mod.rs"]
mod fare;

use fare::*;
use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Charge, compensation = UnchargeFare)]
struct BookFare {
    fare_id: String,
}

impl Handler for BookFare {
    async fn handle(self, _: &(), _: &Context) -> Result<Charge, Never> {
        Ok(Charge { charge_id: self.fare_id })
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
struct UnchargeFare {
    charge_id: String,
}

impl Handler for UnchargeFare {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

#[derive(Saga)]
struct FareProcessing;

impl Saga for FareProcessing {
    type Input = FareRequest;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Completed<'s, ()> {
        saga.step(
            BookFareRef { fare_id: fare.fare_id }
                .compensate(|charge| UnchargeFareRef { charge_id: charge.map(|c| c.charge_id) }),
        );
        saga.complete(())
    }
}

fn main() {}
