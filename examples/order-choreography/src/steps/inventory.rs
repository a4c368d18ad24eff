//! The inventory service. Goods that are taken are a row of their own, beside the product's, and both are written in one
//! transaction: so they are taken once, and put back once.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::database::{Database, DatabaseError, delete, put, update};
use crate::resources::{Hold, Holds, Inventory};

/// Takes goods from stock; answers what they cost, in cents.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = u32, error = InventoryError, compensation = RevertInventory, app = Database,
    uses(Inventory(get, update), Holds(get, put)), timeout = "15s"
)]
pub struct UpdateInventory {
    /// For which order.
    pub order_id: String,
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
    /// Another saga has taken goods for an order of this name.
    #[error("goods were taken for order {0} before")]
    OrderKnown(String),
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for UpdateInventory {
    async fn handle(self, database: &Database, cx: &Context) -> Result<u32, InventoryError> {
        // An earlier attempt may have taken them, and not lived to say so.
        if let Some(hold) = held(database, &self.order_id).await? {
            return own(hold, cx);
        }
        let product = [("id", Value::from(self.product_id.clone()))];
        let found = database.get::<Inventory>(&product).await?;
        let Some(found) = found.filter(|product| !product.is_withdrawn) else {
            return Err(InventoryError::NoSuchProduct(self.product_id));
        };
        let Some(amount) = found.price.checked_mul(self.quantity) else {
            return Err(InventoryError::TooMuch);
        };
        let hold = Hold {
            order_id: self.order_id.clone(),
            product_id: self.product_id.clone(),
            quantity: self.quantity,
            amount,
            taken_by: cx.idempotency_key(),
        };
        let taken = update::<Inventory>(
            &product,
            "SET stock = stock - :quantity, version = version + :one",
            "stock >= :quantity AND isWithdrawn <> :yes",
            &[
                ("quantity", self.quantity.into()),
                ("one", 1.into()),
                ("yes", Value::Bool(true)),
            ],
        )?;
        let held = put::<Holds>(&hold, "attribute_not_exists(orderId)", &[])?;
        if database.transact([taken, held]).await? {
            return Ok(amount);
        }
        // A transaction whose answer was lost meets what it wrote itself.
        match self::held(database, &self.order_id).await? {
            Some(hold) => own(hold, cx),
            None => Err(InventoryError::OutOfStock(self.product_id)),
        }
    }
}

/// What the goods cost that this step has taken.
fn own(hold: Hold, cx: &Context) -> Result<u32, InventoryError> {
    match hold.taken_by == cx.idempotency_key() {
        true => Ok(hold.amount),
        false => Err(InventoryError::OrderKnown(hold.order_id)),
    }
}

/// Puts goods back into stock that this step took, if it did.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    error = DatabaseError, app = Database, uses(Inventory(update), Holds(get, delete)), timeout = "15s"
)]
pub struct RevertInventory {
    /// For which order.
    pub order_id: String,
}

impl Handler for RevertInventory {
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), DatabaseError> {
        let hold = held(database, &self.order_id).await?;
        match hold.filter(|hold| hold.taken_by == cx.idempotency_key()) {
            Some(hold) => put_back(database, &hold).await,
            None => Ok(()),
        }
    }
}

/// Puts the goods of an order back into stock that is cancelled.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    error = DatabaseError, app = Database, uses(Inventory(update), Holds(get, delete)), timeout = "15s"
)]
pub struct ReturnGoods {
    /// Of which order.
    pub order_id: String,
}

impl Handler for ReturnGoods {
    async fn handle(self, database: &Database, _: &Context) -> Result<(), DatabaseError> {
        match held(database, &self.order_id).await? {
            Some(hold) => put_back(database, &hold).await,
            None => Ok(()),
        }
    }
}

async fn held(database: &Database, order: &str) -> Result<Option<Hold>, DatabaseError> {
    database.get::<Holds>(&[("orderId", order.into())]).await
}

/// Puts goods back, if they are not back yet.
async fn put_back(database: &Database, hold: &Hold) -> Result<(), DatabaseError> {
    let back = update::<Inventory>(
        &[("id", hold.product_id.clone().into())],
        "SET stock = stock + :quantity, version = version + :one",
        "attribute_exists(id)",
        &[("quantity", hold.quantity.into()), ("one", 1.into())],
    )?;
    let given = delete::<Holds>(
        &[("orderId", hold.order_id.clone().into())],
        "takenBy = :by",
        &[("by", hold.taken_by.clone().into())],
    )?;
    if database.transact([back, given]).await? {
        return Ok(());
    }
    match held(database, &hold.order_id).await? {
        None => Ok(()),
        Some(_) => Err(DatabaseError::DatabaseUnavailable(format!(
            "the goods of {} have no product to go back to",
            hold.order_id
        ))),
    }
}
