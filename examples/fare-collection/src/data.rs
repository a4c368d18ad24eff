//! What a fare's saga is given, carries and answers.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// A customer's fare, to be collected from their card.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct FareRequest {
    /// Whose fare it is.
    pub customer_id: String,
    /// The fare: the key under which it is collected once.
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

/// A saga's answer to whoever started it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The fare.
    pub fare_id: String,
    /// The payment.
    pub payment_id: String,
    /// The entry in the customer's account.
    pub entry_id: String,
}

/// A fare that was not collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Uncollected {
    /// The fare.
    pub fare_id: String,
    /// Whose fare it is.
    pub customer_id: String,
}
