//! Nobody counts the passengers.

#[path = "fare/mod.rs"]
mod fare;

use fare::*;
use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = u32)]
struct CountPassengers {
    fare_id: String,
}

#[derive(Saga)]
struct FareProcessing;

impl Saga for FareProcessing {
    type Input = FareRequest;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Completed<'s, ()> {
        saga.read(CountPassengersRef { fare_id: fare.fare_id });
        saga.complete(())
    }
}

fn main() {}
