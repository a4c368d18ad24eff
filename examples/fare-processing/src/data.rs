//! What a fare's saga is given, carries and answers.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// A customer's fare, to be charged to their card.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct FareRequest {
    /// Whose fare it is.
    pub customer_id: String,
    /// The fare: one saga each.
    pub fare_id: String,
    /// What it costs, in dollars: `$20.00`.
    pub fare_amount: String,
    /// The card's number, as the token that the payment page's vault gave out for it.
    #[saga(sensitive(token))]
    pub cc: String,
    /// The card's expiry date, as the vault's token.
    #[saga(sensitive(token))]
    pub expiry_date: String,
    /// The card's verification value, as the vault's token.
    #[saga(sensitive(token))]
    pub cvv: String,
}

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
