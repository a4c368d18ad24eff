//! A charge does not raise the errors of a credit.

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
            ChargeFareRef { fare_id: fare.fare_id, amount: fare.fare_amount }
                .retry(CreditErrorKind::NoAccount, Retry::after(Duration::from_secs(1)))
                .compensate(|_| RefundFareRef { fare_id: fare.fare_id, charge_id: Ref::default() }),
        );
        saga.complete(())
    }
}

fn main() {}
