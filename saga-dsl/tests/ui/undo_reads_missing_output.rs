//! Whether there is a charge is not known where it is undone.

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
        saga.step(
            ChargeFareRef { fare_id: fare.fare_id, amount: fare.fare_amount }.compensate(|charge| {
                RefundFareRef { fare_id: fare.fare_id, charge_id: charge.charge_id.into() }
            }),
        );
        saga.complete(())
    }
}

fn main() {}
