//! The tables of trips and of those who pay for them, and the queues of questions to travel managers and of what became of trips.

use saga_dsl::prelude::*;

use crate::data::{Customer, DearTrip, Loyalty, Trip};

/// The trips and how far each got.
#[derive(SagaTable)]
#[table(
    item = Trip,
    partition_key = trip_id: String,
    isolation = none("a trip is one saga's own: the put of its row refuses another's"),
)]
pub struct Trips;

/// Who pays: one trip of a customer is booked at a time.
#[derive(SagaTable)]
#[table(item = Customer, partition_key = customer_id: String, isolation = lock(booked_by))]
pub struct Customers;

/// The points that customers collect, from as many trips at a time as there are.
#[derive(SagaTable)]
#[table(item = Loyalty, partition_key = customer_id: String, isolation = commutative)]
pub struct LoyaltyPoints;

/// What travel managers are asked.
#[derive(SagaQueue)]
#[queue(message = Question<DearTrip>)]
pub struct Approvals;

/// Trips that were booked or undone.
#[derive(SagaQueue)]
#[queue(message = Trip)]
pub struct TripEvents;
