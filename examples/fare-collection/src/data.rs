//! What a fare's saga carries and answers.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

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
