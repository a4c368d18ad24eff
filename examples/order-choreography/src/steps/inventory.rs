//! The inventory service. Goods that are taken are a row of their own, beside the product's, and both are written in one
//! transaction: so they are taken once, and put back once.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::database::{Database, DatabaseError};
use crate::resources::Inventory;

/// Takes goods from stock; answers what they cost, in cents.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = u32, error = InventoryError, compensation = RevertInventory, app = Database,
    uses(Inventory(get, put, update)), timeout = "15s"
)]
pub struct UpdateInventory {
    /// Which product.
    pub product_id: String,
    /// How many of it.
    pub quantity: u32,
}

/// Why no goods were taken.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum InventoryError {
    /// There is no such product.
    #[error("there is no product {0}")]
    NoSuchProduct(String),
    /// There are not enough of it.
    #[error("there are not enough of product {0} in stock")]
    OutOfStock(String),
    /// It would cost more than there are cents.
    #[error("that many cost more than can be paid")]
    TooMuch,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for UpdateInventory {
    async fn handle(self, database: &Database, cx: &Context) -> Result<u32, InventoryError> {
        let Some(product) = database.product(&self.product_id).await? else {
            return Err(InventoryError::NoSuchProduct(self.product_id));
        };
        let Some(amount) = product.price.unwrap_or_default().checked_mul(self.quantity) else {
            return Err(InventoryError::TooMuch);
        };
        let hold = hold(cx);
        let taken = database.take(&self.product_id, self.quantity, &hold).await?
            // An earlier attempt may have taken them, and not lived to say so.
            || database.product(&hold).await?.is_some();
        match taken {
            true => Ok(amount),
            false => Err(InventoryError::OutOfStock(self.product_id)),
        }
    }
}

/// Puts goods back into stock, if they were taken.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    error = DatabaseError, app = Database, uses(Inventory(get, update, delete)), timeout = "15s"
)]
pub struct RevertInventory {
    /// Which product.
    pub product_id: String,
}

impl Handler for RevertInventory {
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), DatabaseError> {
        let hold = hold(cx);
        if let Some(taken) = database.product(&hold).await? {
            database
                .put_back(&self.product_id, taken.stock, &hold)
                .await?;
        }
        Ok(())
    }
}

/// The row of goods that were taken for a saga: the same for the step and what undoes it.
fn hold(cx: &Context) -> String {
    format!("hold/{}", cx.idempotency_key())
}
