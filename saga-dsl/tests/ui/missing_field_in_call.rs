//! The call does not say the amount.

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
            ChargeFareRef { fare_id: fare.fare_id }
                .compensate(|_| RefundFareRef { fare_id: fare.fare_id, charge_id: Ref::default() }),
        );
        saga.complete(())
    }
}

fn main() {}
