//! A saga has a name and a place.

#[path = "fare/mod.rs"]
mod fare;

use fare::*;
use saga_dsl::prelude::*;

struct FareProcessing;

impl Saga for FareProcessing {
    type Input = FareRequest;
    type Output = ();

    fn define<'s>(saga: Flow<'s, '_>, _: Ref<'s, FareRequest>) -> Completed<'s, ()> {
        saga.complete(())
    }
}

fn main() {}
