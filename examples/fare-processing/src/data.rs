//! What a fare's saga carries and answers.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// How far a fare got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum FareStatus {
    /// Registered, not yet paid.
    Registered,
    /// Paid and credited.
    Completed,
    /// Undone.
    Failed,
}

/// What is known of a fare: never the card.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Fare {
    /// The fare.
    pub fare_id: String,
    /// Whose fare it is.
    pub customer_id: String,
    /// What it costs.
    pub fare_amount: String,
    /// How far it got.
    pub fare_status: FareStatus,
}

/// A charge at the payment provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// The pre-authorisation: `tok_` and 25 characters.
    pub charge_token: String,
    /// The charge: `ch_` and 25 characters.
    pub charge_id: String,
}

/// A saga's answer to whoever started it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The fare.
    pub fare_id: String,
    /// The charge that paid it.
    pub charge_id: String,
    /// How far it got: completed.
    pub fare_status: FareStatus,
}
