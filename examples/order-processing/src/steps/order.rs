//! Placing an order, and marking it.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Item, Order, OrderStatus, Placed, total};
use crate::database::{Database, DatabaseError};
use crate::resources::Orders;
use crate::scenario::Fails;

/// Places an order.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[step(
    output = Placed, error = OrderError, compensation = UpdateOrderStatus,
    app = Database, uses(Orders(put)), timeout = "15s"
)]
pub struct ProcessOrder {
    /// The order.
    pub order_id: String,
    /// When it was placed.
    pub order_date: String,
    /// Who placed it.
    pub customer_id: String,
    /// What is ordered.
    pub items: Vec<Item>,
}

/// Why an order was not placed.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum OrderError {
    /// A line has no quantity or no price, or there is none.
    #[error("the order has a line without quantity or price, or no line")]
    ErrInvalidOrder,
    /// Another saga placed an order of this id.
    #[error("there is an order of this id already")]
    ErrOrderExists,
    /// The order was written before this.
    #[error("the order was not processed")]
    #[saga(unknown)]
    ErrProcessOrder,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for ProcessOrder {
    async fn handle(self, database: &Database, cx: &Context) -> Result<Placed, OrderError> {
        let amount = total(&self.items).ok_or(OrderError::ErrInvalidOrder)?;
        if Fails::BeforeOrder.with(&self.order_id) {
            return Err(OrderError::ErrInvalidOrder);
        }
        let key = cx.idempotency_key();
        let order = Order {
            order_id: self.order_id,
            order_date: self.order_date,
            customer_id: self.customer_id,
            items: self.items,
            order_status: OrderStatus::New,
            placed_by: key.clone(),
        };
        let mine = ("placed_by", key.as_str());
        if !database.put_new::<Orders>(&order, "order_id", mine).await? {
            return Err(OrderError::ErrOrderExists);
        }
        if Fails::AfterOrder.with(&order.order_id) {
            return Err(OrderError::ErrProcessOrder);
        }
        Ok(Placed { amount })
    }
}

/// Marks an order: nothing, if this saga never placed it.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[step(error = StatusError, app = Database, uses(Orders(update)), timeout = "15s")]
pub struct UpdateOrderStatus {
    /// The order.
    pub order_id: String,
    /// What it is from now on.
    pub order_status: OrderStatus,
}

/// Why an order was not marked.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum StatusError {
    /// It is as it was.
    #[error("the order's status was not updated")]
    ErrUpdateOrderStatus,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for UpdateOrderStatus {
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), StatusError> {
        if Fails::UpdateStatus.with(&self.order_id) {
            return Err(StatusError::ErrUpdateOrderStatus);
        }
        // It is called under the key of the step that it undoes.
        let key = cx.idempotency_key();
        let order = ("order_id", self.order_id.as_str());
        let status = ("order_status", self.order_status);
        database
            .set::<Orders>(order, status, ("placed_by", &key))
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saga::OrderProcessing;
    use saga_local::testing::HandlerTest;

    fn place(order_id: &str) -> ProcessOrder {
        ProcessOrder {
            order_id: order_id.into(),
            order_date: "2026-01-01T09:00:00Z".into(),
            customer_id: "customer-1".into(),
            items: vec![Item {
                item_id: "567".into(),
                qty: 2.0,
                description: "A lamp".into(),
                unit_price: 19.99,
            }],
        }
    }

    fn update(order_id: &str) -> UpdateOrderStatus {
        UpdateOrderStatus {
            order_id: order_id.into(),
            order_status: OrderStatus::Pending,
        }
    }

    fn of_saga(saga_id: &str) -> Context {
        Context {
            saga_id: saga_id.into(),
            ..Context::for_test("ProcessOrder")
        }
    }

    /// The statuses of the orders in the table.
    fn statuses(test: &HandlerTest) -> Vec<OrderStatus> {
        let orders = test.table::<Orders>();
        orders.iter().map(|order| order.order_status).collect()
    }

    #[tokio::test]
    async fn an_order_is_placed_once_however_often_it_is_tried() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        for _ in 0..2 {
            let placed = test.run(place("4"), &of_saga("a")).await.unwrap();
            assert_eq!(placed, Placed { amount: 3_998 });
        }
        assert_eq!(statuses(&test), [OrderStatus::New]);
    }

    #[tokio::test]
    async fn an_order_of_another_saga_is_neither_replaced_nor_marked() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        test.run(place("4"), &of_saga("a")).await.unwrap();
        let refused = test.run(place("4"), &of_saga("b")).await;
        assert!(matches!(refused, Err(OrderError::ErrOrderExists)));
        test.run(update("4"), &of_saga("b")).await.unwrap();
        assert_eq!(statuses(&test), [OrderStatus::New]);
        test.run(update("4"), &of_saga("a")).await.unwrap();
        assert_eq!(statuses(&test), [OrderStatus::Pending]);
    }

    #[tokio::test]
    async fn an_order_that_was_never_placed_is_not_made_by_its_undo() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        test.run(update("4"), &of_saga("a")).await.unwrap();
        assert_eq!(statuses(&test), []);
    }

    #[tokio::test]
    async fn each_error_has_its_name_and_is_raised_where_it_says() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let refused = test.run(place("01"), &of_saga("a")).await;
        assert!(matches!(refused, Err(OrderError::ErrInvalidOrder)));
        let mut empty = place("4");
        empty.items.clear();
        let refused = test.run(empty, &of_saga("a")).await;
        assert!(matches!(refused, Err(OrderError::ErrInvalidOrder)));
        assert_eq!(statuses(&test), []);
        let failed = test.run(place("11"), &of_saga("a")).await;
        assert!(matches!(failed, Err(OrderError::ErrProcessOrder)));
        let failed = test.run(update("11"), &of_saga("a")).await;
        assert!(matches!(failed, Err(StatusError::ErrUpdateOrderStatus)));
        assert_eq!(statuses(&test), [OrderStatus::New]);
    }
}
