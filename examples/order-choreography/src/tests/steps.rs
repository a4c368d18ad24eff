//! The handlers of steps: what they write, and that they write it once.

use saga_dsl::Context;
use saga_local::testing::HandlerTest;

use crate::placement::OrderPlacement;
use crate::resources::{Holds, Inventory, Orders, Payments};
use crate::steps::{
    CancelPayment, CloseOrder, CreateOrder, DeleteOrder, InventoryError, MakePayment, OrderError,
    PaymentError, RefundPayment, RemoveOrder, ReturnGoods, RevertInventory, UpdateInventory,
};

use super::routes::Client;

async fn test() -> HandlerTest {
    HandlerTest::of::<OrderPlacement>().await
}

/// The context of a step in this saga.
fn within(saga: &str, step: &str) -> Context {
    Context {
        saga_id: saga.into(),
        ..Context::for_test(step)
    }
}

fn create(order_id: &str) -> CreateOrder {
    CreateOrder {
        user_name: "ann".into(),
        order_date: "2026-01-01T09:00:00Z".into(),
        order_id: order_id.into(),
        product_id: "lamp".into(),
        quantity: 2,
    }
}

fn delete() -> DeleteOrder {
    DeleteOrder {
        user_name: "ann".into(),
        order_date: "2026-01-01T09:00:00Z".into(),
    }
}

fn take(order_id: &str, product_id: &str, quantity: u32) -> UpdateInventory {
    UpdateInventory {
        order_id: order_id.into(),
        product_id: product_id.into(),
        quantity,
    }
}

fn pay(order_id: &str, card_token: &str) -> MakePayment {
    MakePayment {
        user_name: "ann".into(),
        order_id: order_id.into(),
        order_date: "2026-01-01T09:00:00Z".into(),
        card_token: card_token.into(),
        amount: 3_998,
    }
}

#[tokio::test]
async fn an_order_is_placed_once_and_taken_back_by_its_own_saga() {
    let test = test().await;
    let (one, other) = (within("P/1", "CreateOrder"), within("P/2", "CreateOrder"));
    for _ in 0..2 {
        test.run(create("1"), &one).await.unwrap();
    }
    let taken = test.run(create("2"), &other).await;
    assert!(matches!(taken, Err(OrderError::OrderDateTaken)));
    test.run(delete(), &other).await.unwrap();
    assert_eq!(test.table::<Orders>().len(), 1);
    for _ in 0..2 {
        test.run(delete(), &one).await.unwrap();
    }
    assert_eq!(test.table::<Orders>(), []);
}

#[tokio::test]
async fn goods_are_taken_once_and_put_back_once() {
    let test = test().await;
    Client::staff(&test).stocked("lamp", 5).await;
    let (one, other) = (
        within("P/1", "UpdateInventory"),
        within("P/2", "UpdateInventory"),
    );
    for _ in 0..2 {
        assert_eq!(test.run(take("1", "lamp", 2), &one).await.unwrap(), 3_998);
    }
    assert_eq!(test.table::<Inventory>()[0].stock, 3);
    let known = test.run(take("1", "lamp", 1), &other).await;
    assert!(matches!(known, Err(InventoryError::OrderKnown(_))));
    let back = |order: &str| RevertInventory {
        order_id: order.into(),
    };
    test.run(back("1"), &other).await.unwrap();
    assert_eq!(test.table::<Inventory>()[0].stock, 3, "another saga's");
    for _ in 0..2 {
        test.run(back("1"), &one).await.unwrap();
    }
    assert_eq!(test.table::<Inventory>()[0].stock, 5);
    assert_eq!(test.table::<Holds>(), []);
}

#[tokio::test]
async fn stock_never_goes_below_zero() {
    let test = test().await;
    Client::staff(&test).stocked("lamp", 2).await;
    let cx = within("P/1", "UpdateInventory");
    let much = test.run(take("1", "lamp", 3), &cx).await;
    assert!(matches!(much, Err(InventoryError::OutOfStock(_))));
    let none = test.run(take("1", "chair", 1), &cx).await;
    assert!(matches!(none, Err(InventoryError::NoSuchProduct(_))));
    let dear = test.run(take("1", "lamp", u32::MAX), &cx).await;
    assert!(matches!(dear, Err(InventoryError::TooMuch)));
    assert_eq!(test.table::<Inventory>()[0].stock, 2);
    assert_eq!(test.table::<Holds>(), []);
}

#[tokio::test]
async fn goods_of_a_withdrawn_product_come_back_and_none_are_taken() {
    let test = test().await;
    let staff = Client::staff(&test);
    staff.stocked("lamp", 5).await;
    let cx = within("P/1", "UpdateInventory");
    test.run(take("1", "lamp", 2), &cx).await.unwrap();
    assert_eq!(staff.delete("/product/{id}", "lamp").await.status, 204);
    let gone = test
        .run(take("2", "lamp", 1), &within("P/2", "UpdateInventory"))
        .await;
    assert!(matches!(gone, Err(InventoryError::NoSuchProduct(_))));
    let back = ReturnGoods {
        order_id: "1".into(),
    };
    test.run(back, &within("C/1", "ReturnGoods")).await.unwrap();
    assert_eq!(test.table::<Inventory>()[0].stock, 5);
}

#[tokio::test]
async fn each_order_is_paid_once_and_a_second_order_does_not_touch_the_first() {
    let test = test().await;
    let (one, other) = (within("P/1", "MakePayment"), within("P/2", "MakePayment"));
    for _ in 0..2 {
        test.run(pay("1", "tok_1"), &one).await.unwrap();
    }
    test.run(pay("2", "tok_1"), &other).await.unwrap();
    assert_eq!(test.table::<Payments>().len(), 2);
    let again = test.run(pay("1", "tok_1"), &other).await;
    assert!(matches!(again, Err(PaymentError::PaidBefore)));
    let refused = test.run(pay("3", "refused_1"), &other).await;
    assert!(matches!(refused, Err(PaymentError::CardRefused)));
    let cancel = |order: &str| CancelPayment {
        user_name: "ann".into(),
        order_id: order.into(),
    };
    test.run(cancel("1"), &other).await.unwrap();
    assert_eq!(test.table::<Payments>().len(), 2, "another saga's");
    test.run(cancel("1"), &one).await.unwrap();
    assert_eq!(test.table::<Payments>().len(), 1);
}

#[tokio::test]
async fn an_order_that_is_cancelled_leaves_nothing_and_twice_is_once() {
    let test = test().await;
    Client::staff(&test).stocked("lamp", 5).await;
    let placed = |step| within("P/1", step);
    test.run(create("1"), &placed("CreateOrder")).await.unwrap();
    test.run(take("1", "lamp", 2), &placed("UpdateInventory"))
        .await
        .unwrap();
    test.run(pay("1", "tok_1"), &placed("MakePayment"))
        .await
        .unwrap();
    let (user_name, order_date) = (|| "ann".to_owned(), || "2026-01-01T09:00:00Z".to_owned());
    let order_id = || "1".to_owned();
    let cx = within("C/1", "any");
    for round in 0..2 {
        let close = CloseOrder {
            user_name: user_name(),
            order_date: order_date(),
            order_id: order_id(),
        };
        test.run(close, &cx).await.unwrap();
        let closed = test.table::<Orders>().first().map(|order| order.is_closed);
        assert_eq!(closed, (round == 0).then_some(true));
        let refund = RefundPayment {
            user_name: user_name(),
            order_id: order_id(),
        };
        test.run(refund, &cx).await.unwrap();
        let back = ReturnGoods {
            order_id: order_id(),
        };
        test.run(back, &cx).await.unwrap();
        let remove = RemoveOrder {
            user_name: user_name(),
            order_date: order_date(),
            order_id: order_id(),
        };
        test.run(remove, &cx).await.unwrap();
    }
    assert_eq!(test.table::<Orders>(), []);
    assert_eq!(test.table::<Payments>(), []);
    assert_eq!(test.table::<Holds>(), []);
    assert_eq!(test.table::<Inventory>()[0].stock, 5);
}
