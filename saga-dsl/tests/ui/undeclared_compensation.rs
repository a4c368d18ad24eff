//! A credit is not what undoes a charge.

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
            ChargeFareRef { fare_id: fare.fare_id, amount: fare.fare_amount }.compensate(|_| {
                CreditAccountRef { customer_id: fare.customer_id, charge_id: fare.fare_id }
            }),
        );
        saga.complete(())
    }
}

fn main() {}
