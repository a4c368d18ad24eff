//! Nothing is said to undo the charge.

#[path = "fare/mod.rs"]
mod fare;

use fare::*;
use saga_dsl::prelude::*;

#[derive(Saga)]
struct FareProcessing;

impl Saga for FareProcessing {
    type Input = FareRequest;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Completed<'s, ()> {
        saga.step(ChargeFareRef { fare_id: fare.fare_id, amount: fare.fare_amount });
        saga.complete(())
    }
}

fn main() {}
