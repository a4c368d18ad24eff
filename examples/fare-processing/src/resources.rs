//! The table of fares, and the topic and queues that tell of them.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::Fare;

/// The fares and how far each got.
#[derive(SagaTable)]
#[table(
    item = Fare,
    partition_key = fare_id: String,
    isolation = none("a fare is one saga's own: the put of its row refuses another's"),
)]
pub struct Fares;

/// Fares that were processed, well or not.
#[derive(SagaTopic)]
#[topic(message = Fare, attributes = TransactionAttributes)]
pub struct FareTransactions;

/// What subscribers filter fares on.
#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "PascalCase")]
pub struct TransactionAttributes {
    /// Whether the fare was paid: `true` or `false`.
    pub is_successful: String,
}

/// Fares that were paid.
#[derive(SagaQueue)]
#[queue(message = Fare, subscribe(FareTransactions, raw, filter(is_successful = "true")))]
pub struct SuccessfulTransactions;

/// Fares that were undone.
#[derive(SagaQueue)]
#[queue(message = Fare, subscribe(FareTransactions, raw, filter(is_successful = "false")))]
pub struct FailedTransactions;
