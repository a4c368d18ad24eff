//! Setting an order's items aside, and giving them free.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use super::transaction_id;
use crate::data::{Item, Movement, MovementType};
use crate::database::{Database, DatabaseError};
use crate::resources::Inventory;
use crate::scenario::Fails;

/// Sets an order's items aside; answers the transaction's id.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[step(
    output = String, error = ReservationError, compensation = ReleaseInventory,
    app = Database, uses(Inventory(put)), timeout = "15s"
)]
pub struct ReserveInventory {
    /// The order they are for.
    pub order_id: String,
    /// The items.
    pub items: Vec<Item>,
}

/// Why items were not set aside.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum ReservationError {
    /// Nothing was set aside.
    #[error("there are not enough items in stock")]
    ErrOutOfStock,
    /// The reservation was written before this.
    #[error("the items were not reserved")]
    #[saga(unknown)]
    ErrReserveInventory,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for ReserveInventory {
    async fn handle(self, database: &Database, cx: &Context) -> Result<String, ReservationError> {
        if Fails::BeforeReservation.with(&self.order_id) {
            return Err(ReservationError::ErrOutOfStock);
        }
        let reserved = Movement {
            transaction_id: transaction_id("reserve", cx),
            order_id: self.order_id,
            transaction_type: MovementType::Reserve,
            items: self.items,
        };
        write(database, &reserved).await?;
        if Fails::AfterReservation.with(&reserved.order_id) {
            return Err(ReservationError::ErrReserveInventory);
        }
        Ok(reserved.transaction_id)
    }
}

/// Gives an order's items free: nothing, where none were set aside.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[step(error = ReleaseError, app = Database, uses(Inventory(get, put)), timeout = "15s")]
pub struct ReleaseInventory {
    /// The order they were for.
    pub order_id: String,
}

/// Why items were not given free.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum ReleaseError {
    /// They are still set aside.
    #[error("the items were not released")]
    ErrReleaseInventory,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for ReleaseInventory {
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), ReleaseError> {
        if Fails::Release.with(&self.order_id) {
            return Err(ReleaseError::ErrReleaseInventory);
        }
        // It is called under the reservation's own key, and so finds it whether or not its answer was lost.
        let reserved = transaction_id("reserve", cx);
        let reserved = database
            .get::<Inventory>(("transaction_id", &reserved))
            .await?;
        if let Some(reserved) = reserved {
            let released = Movement {
                transaction_id: transaction_id("release", cx),
                transaction_type: MovementType::Release,
                ..reserved
            };
            write(database, &released).await?;
        }
        Ok(())
    }
}

/// Writes a transaction, unless an earlier attempt has.
async fn write(database: &Database, movement: &Movement) -> Result<(), DatabaseError> {
    let key = "transaction_id";
    let mine = (key, movement.transaction_id.as_str());
    database.put_new::<Inventory>(movement, key, mine).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saga::OrderProcessing;
    use saga_local::testing::HandlerTest;

    fn reserve(order_id: &str) -> ReserveInventory {
        ReserveInventory {
            order_id: order_id.into(),
            items: vec![Item {
                item_id: "567".into(),
                qty: 2.0,
                description: "A lamp".into(),
                unit_price: 19.99,
            }],
        }
    }

    fn release(order_id: &str) -> ReleaseInventory {
        ReleaseInventory {
            order_id: order_id.into(),
        }
    }

    /// How often items were set aside, and given free.
    fn moved(test: &HandlerTest) -> (usize, usize) {
        let movements = test.table::<Inventory>();
        let of = |kind| {
            let movements = movements.iter();
            movements.filter(|one| one.transaction_type == kind).count()
        };
        (of(MovementType::Reserve), of(MovementType::Release))
    }

    #[tokio::test]
    async fn items_are_set_aside_once_and_given_free_once() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ReserveInventory");
        let first = test.run(reserve("4"), &cx).await.unwrap();
        assert_eq!(test.run(reserve("4"), &cx).await.unwrap(), first);
        assert_eq!(moved(&test), (1, 0));
        for _ in 0..2 {
            test.run(release("4"), &cx).await.unwrap();
        }
        assert_eq!(moved(&test), (1, 1));
    }

    #[tokio::test]
    async fn what_was_never_set_aside_is_not_given_free() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ReserveInventory");
        let refused = test.run(reserve("03"), &cx).await;
        assert!(matches!(refused, Err(ReservationError::ErrOutOfStock)));
        test.run(release("03"), &cx).await.unwrap();
        assert_eq!(moved(&test), (0, 0));
    }

    #[tokio::test]
    async fn each_error_has_its_name_and_is_raised_where_it_says() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ReserveInventory");
        let failed = test.run(reserve("33"), &cx).await;
        assert!(matches!(failed, Err(ReservationError::ErrReserveInventory)));
        let failed = test.run(release("33"), &cx).await;
        assert!(matches!(failed, Err(ReleaseError::ErrReleaseInventory)));
        assert_eq!(moved(&test), (1, 0));
        test.run(release("3"), &cx).await.unwrap();
        assert_eq!(moved(&test), (1, 1));
    }

    #[tokio::test]
    async fn an_orders_movements_are_found_by_the_index() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ReserveInventory");
        test.run(reserve("4"), &cx).await.unwrap();
        for (kind, expected) in [("reserve", 1), ("release", 0)] {
            let query = async |database: &Database| {
                let sort = ("transaction_type", kind);
                database.of_order::<Inventory>("4", sort).await
            };
            let found = test.with::<ReserveInventory, _>(query).await.unwrap();
            assert_eq!(found.len(), expected, "{kind}");
        }
    }
}
