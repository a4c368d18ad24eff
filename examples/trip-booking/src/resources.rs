//! The table of trips, and the queues of questions to travel managers and of what became of trips.

use saga_dsl::prelude::*;

use crate::data::{DearTrip, Trip};

/// The trips and how far each got.
#[derive(SagaTable)]
#[table(
    item = Trip,
    partition_key = trip_id: String,
    isolation = none("a trip is one saga's own: the put of its row refuses another's"),
)]
pub struct Trips;

/// What travel managers are asked.
#[derive(SagaQueue)]
#[queue(message = Question<DearTrip>)]
pub struct Approvals;

/// Trips that were booked or undone.
#[derive(SagaQueue)]
#[queue(message = Trip)]
pub struct TripEvents;
