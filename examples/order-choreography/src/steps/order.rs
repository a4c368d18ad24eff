//! The order service.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::database::{Database, DatabaseError, number, text};
use crate::resources::Orders;

/// Places an order.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = OrderError, compensation = DeleteOrder, app = Database, uses(Orders(put)), timeout = "15s")]
pub struct CreateOrder {
    /// Who orders.
    pub user_name: String,
    /// When, in RFC 3339.
    pub order_date: String,
    /// Which order it is.
    pub order_id: String,
    /// What is ordered.
    pub product_id: String,
    /// How many of it.
    pub quantity: u32,
}

/// Why an order was not placed.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum OrderError {
    /// The user has placed another one at the same instant.
    #[error("there is another order of this user and date")]
    OrderDateTaken,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for CreateOrder {
    async fn handle(self, database: &Database, _: &Context) -> Result<(), OrderError> {
        let mine = text(&self.order_id);
        let item = [
            ("userName", text(&self.user_name)),
            ("orderDate", text(&self.order_date)),
            ("orderId", mine.clone()),
            ("productId", text(&self.product_id)),
            ("quantity", number(self.quantity)),
        ];
        let condition = "attribute_not_exists(orderId) OR orderId = :mine";
        match database
            .put::<Orders>(item, condition, [(":mine", mine)])
            .await?
        {
            true => Ok(()),
            false => Err(OrderError::OrderDateTaken),
        }
    }
}

/// Takes an order back, if it is there.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = DatabaseError, app = Database, uses(Orders(delete)), timeout = "15s")]
pub struct DeleteOrder {
    /// Who ordered.
    pub user_name: String,
    /// When.
    pub order_date: String,
    /// Which order it was.
    pub order_id: String,
}

impl Handler for DeleteOrder {
    async fn handle(self, database: &Database, _: &Context) -> Result<(), DatabaseError> {
        let key = [
            ("userName", text(&self.user_name)),
            ("orderDate", text(&self.order_date)),
        ];
        let mine = [(":mine", text(&self.order_id))];
        database
            .delete::<Orders>(key, "orderId = :mine", mine)
            .await?;
        Ok(())
    }
}
