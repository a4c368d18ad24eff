//! The order service.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::database::{Database, DatabaseError};
use crate::resources::{Order, Orders};

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
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), OrderError> {
        let order = Order {
            user_name: self.user_name,
            order_date: self.order_date,
            order_id: self.order_id,
            product_id: self.product_id,
            quantity: self.quantity,
            placed_by: cx.saga_id.clone(),
            is_closed: false,
        };
        let condition = "attribute_not_exists(orderId) OR placedBy = :me";
        match database.put::<Orders>(&order, condition, &me(cx)).await? {
            true => Ok(()),
            false => Err(OrderError::OrderDateTaken),
        }
    }
}

/// Takes an order back that this saga placed.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = DatabaseError, app = Database, uses(Orders(delete)), timeout = "15s")]
pub struct DeleteOrder {
    /// Who ordered.
    pub user_name: String,
    /// When.
    pub order_date: String,
}

impl Handler for DeleteOrder {
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), DatabaseError> {
        let key = key(self.user_name, self.order_date);
        database
            .delete::<Orders>(&key, "placedBy = :me", &me(cx))
            .await?;
        Ok(())
    }
}

/// Notes that an order is being cancelled. One that is gone was, and its money and goods are looked for all the same.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = DatabaseError, app = Database, uses(Orders(update)), timeout = "15s")]
pub struct CloseOrder {
    /// Who ordered.
    pub user_name: String,
    /// When.
    pub order_date: String,
    /// Which order it is.
    pub order_id: String,
}

impl Handler for CloseOrder {
    async fn handle(self, database: &Database, _: &Context) -> Result<(), DatabaseError> {
        let key = key(self.user_name, self.order_date);
        let values = [("id", self.order_id.into()), ("closed", Value::Bool(true))];
        database
            .update::<Orders>(&key, "SET isClosed = :closed", "orderId = :id", &values)
            .await?;
        Ok(())
    }
}

/// Deletes an order whose money and goods are back.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = DatabaseError, app = Database, uses(Orders(delete)), timeout = "15s")]
pub struct RemoveOrder {
    /// Who ordered.
    pub user_name: String,
    /// When.
    pub order_date: String,
    /// Which order it is.
    pub order_id: String,
}

impl Handler for RemoveOrder {
    async fn handle(self, database: &Database, _: &Context) -> Result<(), DatabaseError> {
        let key = key(self.user_name, self.order_date);
        let mine = [("id", self.order_id.into())];
        database
            .delete::<Orders>(&key, "orderId = :id", &mine)
            .await?;
        Ok(())
    }
}

fn key(user_name: String, order_date: String) -> [(&'static str, Value); 2] {
    [
        ("userName", user_name.into()),
        ("orderDate", order_date.into()),
    ]
}

/// The saga at work, as rows name it.
fn me(cx: &Context) -> [(&'static str, Value); 1] {
    [("me", cx.saga_id.clone().into())]
}
