//! The saga with its real handlers, in this process; time takes none.

use saga_local::saga::Ending;
use saga_local::testing::{SagaResult, SagaTest};

use super::{Order, Ordering, Receipt};

async fn run(item: &str, amount: u32) -> SagaResult {
    let order = Order {
        order_id: "order-1".into(),
        item: item.into(),
        amount,
    };
    SagaTest::of::<Ordering>().run(order).await
}

#[tokio::test]
async fn an_order_is_shipped_or_costs_nothing() {
    let cases = [
        ("teapot", 2_000, Ending::Completed, false),
        ("unicorn", 2_000, Ending::Compensated, true),
        // A charge that surely did not happen is not refunded.
        ("teapot", 200_000, Ending::Compensated, false),
        ("teapot", 0, Ending::Compensated, false),
    ];
    for (item, amount, ending, refunded) in cases {
        let ended = run(item, amount).await;
        assert_eq!(ended.ending(), ending, "{item} for {amount}");
        let undone = ended.states().contains(&"UndoChargeOrder");
        assert_eq!(undone, refunded, "{item} for {amount}");
    }
}

#[tokio::test]
async fn what_is_shipped_has_a_receipt() {
    let ended = run("teapot", 2_000).await;
    assert_eq!(ended.output::<Receipt>().parcel, "parcel of order-1");
}

/// Every fault of every task, on the state machine that is deployed.
#[test]
fn every_failure_compensates() {
    saga_local::verify::<Ordering>();
}
