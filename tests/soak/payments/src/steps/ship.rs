//! Shipping an order: the point of no return.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::provider::{Provider, ProviderError};

/// Ships an order's pieces.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = ProviderError, app = Provider, timeout = "2s", env(PROVIDER = parameter("Provider")))]
#[cfg_attr(
    feature = "unfenced",
    step(unfenced = "naturally idempotent because the soak is to find that it is not")
)]
pub struct ShipOrder {
    /// The order.
    pub order_id: String,
    /// How many pieces.
    pub pieces: u64,
}

impl Handler for ShipOrder {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), ProviderError> {
        provider.write("shipments", self.pieces, cx).await?;
        Ok(())
    }
}
