//! A fare, as whoever starts a saga states it.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// A customer's fare, to be collected from their card.
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
