//! The queues of fares from gates.

use fare_payments::FareRequest;
use saga_dsl::prelude::*;

use crate::data::Uncollected;

/// Fares of gates that were out of reach for a while, and send what they kept.
#[derive(SagaQueue)]
#[queue(message = FareRequest)]
pub struct GateFares;

/// Fares of gates that were not collected.
#[derive(SagaQueue)]
#[queue(message = Uncollected)]
pub struct UncollectedFares;
