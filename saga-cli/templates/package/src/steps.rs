//! The steps: each is its own input, and its handler becomes a Lambda function.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// What the payment provider says of a charge.
#[derive(Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    pub charge_id: String,
}

/// Why an order is not charged. Each of them says that it was not: nothing is given back then.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum ChargeError {
    #[error("the card was refused")]
    CardRefused,
    #[error("the provider is busy")]
    #[saga(retry(interval = "2s", max_attempts = 4, backoff = 2.0))]
    ProviderBusy,
}

/// Charges an order.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = Charge, error = ChargeError, compensation = RefundOrder, timeout = "10s")]
pub struct ChargeOrder {
    pub order_id: String,
    pub amount: u32,
}

impl Handler for ChargeOrder {
    async fn handle(self, _app: &(), cx: &Context) -> Result<Charge, ChargeError> {
        // Call your provider here, and hand it the key: a retry is then the same charge.
        match self.amount {
            0 => return Err(ChargeError::ProviderBusy),
            1..=100_000 => {}
            _ => return Err(ChargeError::CardRefused),
        }
        let charge_id = format!("charge of {} under {}", self.order_id, cx.idempotency_key());
        Ok(Charge { charge_id })
    }
}

/// Gives an order's money back.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(timeout = "10s")]
pub struct RefundOrder {
    pub order_id: String,
    /// None where the charge timed out: whether there is one, the provider knows by the key.
    pub charge_id: Option<String>,
}

impl Handler for RefundOrder {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), Never> {
        Ok(())
    }
}

/// Why an order is not shipped.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum ShipError {
    #[error("there is nothing left to ship")]
    SoldOut,
}

/// Ships an order: what was shipped does not come back.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = String, error = ShipError, timeout = "10s")]
pub struct ShipOrder {
    pub order_id: String,
    pub item: String,
}

impl Handler for ShipOrder {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<String, ShipError> {
        if self.item == "unicorn" {
            return Err(ShipError::SoldOut);
        }
        Ok(format!("parcel of {}", self.order_id))
    }
}
