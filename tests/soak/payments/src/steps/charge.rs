//! Charging a card, and giving the money back.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::Entry;
use crate::provider::{Provider, ProviderError};

/// Charges an order to its card.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = Entry, error = ProviderError, compensation = RefundCard, app = Provider, timeout = "2s", env(PROVIDER = parameter("Provider")))]
#[cfg_attr(
    feature = "unfenced",
    step(unfenced = "naturally idempotent because the soak is to find that it is not")
)]
pub struct ChargeCard {
    /// The order.
    pub order_id: String,
    /// What it costs, in cents.
    pub cents: u64,
}

impl Handler for ChargeCard {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<Entry, ProviderError> {
        provider.write("charges", self.cents, cx).await
    }
}

/// Gives back what was charged for an order.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = ProviderError, app = Provider, timeout = "2s", env(PROVIDER = parameter("Provider")))]
#[cfg_attr(
    feature = "unfenced",
    step(unfenced = "naturally idempotent because the soak is to find that it is not")
)]
pub struct RefundCard {
    /// The order.
    pub order_id: String,
    /// The charge, where it is known.
    pub charge: Option<String>,
}

impl Handler for RefundCard {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), ProviderError> {
        provider.strike("charges", cx).await
    }
}
