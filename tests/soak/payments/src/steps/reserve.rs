//! Reserving stock, and releasing it.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::provider::{Provider, ProviderError};

/// Reserves an order's pieces.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = ProviderError, compensation = ReleaseStock, app = Provider, timeout = "2s", env(PROVIDER = parameter("Provider")))]
#[cfg_attr(
    feature = "unfenced",
    step(unfenced = "naturally idempotent because the soak is to find that it is not")
)]
pub struct ReserveStock {
    /// The order.
    pub order_id: String,
    /// How many pieces.
    pub pieces: u64,
}

impl Handler for ReserveStock {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), ProviderError> {
        provider.write("reservations", self.pieces, cx).await?;
        Ok(())
    }
}

/// Releases what was reserved for an order.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = ProviderError, app = Provider, timeout = "2s", env(PROVIDER = parameter("Provider")))]
#[cfg_attr(
    feature = "unfenced",
    step(unfenced = "naturally idempotent because the soak is to find that it is not")
)]
pub struct ReleaseStock {
    /// The order.
    pub order_id: String,
}

impl Handler for ReleaseStock {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), ProviderError> {
        provider.strike("reservations", cx).await
    }
}
