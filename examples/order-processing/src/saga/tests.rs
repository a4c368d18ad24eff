//! The saga as a whole: its handlers in this process with the real SDK, its tables and queue in memory, time
//! that takes none. The table of expected outcomes, and what goes wrong beside it.

use saga_local::saga::Ending;
use saga_local::testing::{SagaResult, SagaTest};

use super::OrderProcessing;
use crate::data::{
    Item, MovementType, OrderEnded, OrderRequest, OrderStatus, Outcome, PaymentType, Receipt,
};
use crate::resources::{EndedOrders, Inventory, Orders, Payments};

fn order(order_id: &str) -> OrderRequest {
    OrderRequest {
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

fn saga() -> SagaTest {
    SagaTest::of::<OrderProcessing>()
}

/// What is expected of a saga.
struct Expected {
    ending: Ending,
    /// What the failure's cause has to say.
    error: &'static str,
    /// The states after the first.
    states: &'static [&'static str],
    /// The order's status; none: there is no order.
    order: Option<OrderStatus>,
    /// Debits and credits.
    payments: (usize, usize),
    /// Reservations and releases.
    inventory: (usize, usize),
    /// What was told of the order.
    told: &'static [Outcome],
}

const COMPLETED: Expected = Expected {
    ending: Ending::Completed,
    error: "",
    states: &[
        "ProcessPayment",
        "ReserveInventory",
        "NotifySuccess",
        "OrderProcessingSucceeded",
    ],
    order: Some(OrderStatus::New),
    payments: (1, 0),
    inventory: (1, 0),
    told: &[Outcome::Completed],
};

const FAILED: Expected = Expected {
    ending: Ending::Compensated,
    error: "",
    states: &[],
    order: Some(OrderStatus::Pending),
    payments: (0, 0),
    inventory: (0, 0),
    told: &[Outcome::Failed],
};

const PARKED: Expected = Expected {
    ending: Ending::Parked,
    told: &[],
    ..FAILED
};

const UNDONE_FROM_ORDER: &[&str] = &["UndoProcessOrder", "NotifyFailure", "OrderProcessingFailed"];

const NOT_PAID: &[&str] = &[
    "ProcessPayment",
    "UndoProcessOrder",
    "NotifyFailure",
    "OrderProcessingFailed",
];

const PERHAPS_PAID: &[&str] = &[
    "ProcessPayment",
    "UndoProcessPayment",
    "UndoProcessOrder",
    "NotifyFailure",
    "OrderProcessingFailed",
];

const NOT_RESERVED: &[&str] = &[
    "ProcessPayment",
    "ReserveInventory",
    "UndoProcessPayment",
    "UndoProcessOrder",
    "NotifyFailure",
    "OrderProcessingFailed",
];

const PERHAPS_RESERVED: &[&str] = &[
    "ProcessPayment",
    "ReserveInventory",
    "UndoReserveInventory",
    "UndoProcessPayment",
    "UndoProcessOrder",
    "NotifyFailure",
    "OrderProcessingFailed",
];

#[track_caller]
fn check(ended: &SagaResult, expected: &Expected) {
    assert_eq!(ended.ending(), expected.ending, "{:?}", ended.failure());
    let cause = ended
        .failure()
        .map(|(error, cause)| format!("{error} {cause}"));
    let cause = cause.unwrap_or_default();
    assert!(cause.contains(expected.error), "{cause}");
    assert_eq!(ended.states().get(1..).unwrap(), expected.states);
    let orders = ended.table::<Orders>();
    assert_eq!(
        orders.first().map(|order| order.order_status),
        expected.order
    );
    let payments = ended.table::<Payments>();
    let of = |kind| {
        payments
            .iter()
            .filter(|one| one.payment_type == kind)
            .count()
    };
    let paid = (of(PaymentType::Debit), of(PaymentType::Credit));
    assert_eq!(paid, expected.payments);
    let moved = ended.table::<Inventory>();
    let of = |kind| {
        moved
            .iter()
            .filter(|one| one.transaction_type == kind)
            .count()
    };
    let moved = (of(MovementType::Reserve), of(MovementType::Release));
    assert_eq!(moved, expected.inventory);
    let told = ended.messages::<EndedOrders>();
    let told: Vec<Outcome> = told
        .iter()
        .map(|message| {
            let told: OrderEnded = serde_json::from_value(message.body.clone()).unwrap();
            told.outcome
        })
        .collect();
    assert_eq!(told, expected.told);
    let parked = usize::from(expected.ending == Ending::Parked);
    assert_eq!(ended.queue("ParkedQueue").len(), parked);
}

#[tokio::test]
async fn each_prefix_ends_as_its_table_says() {
    let table = [
        (
            "1",
            Expected {
                error: "ErrProcessOrder",
                states: UNDONE_FROM_ORDER,
                ..FAILED
            },
        ),
        (
            "11",
            Expected {
                error: "ErrUpdateOrderStatus",
                states: &[
                    "UndoProcessOrder",
                    "ParkProcessOrder",
                    "UndoProcessOrderParked",
                ],
                order: Some(OrderStatus::New),
                ..PARKED
            },
        ),
        (
            "2",
            Expected {
                error: "ErrProcessPayment",
                states: PERHAPS_PAID,
                payments: (1, 1),
                ..FAILED
            },
        ),
        (
            "22",
            Expected {
                error: "ErrProcessRefund",
                states: &[
                    "ProcessPayment",
                    "UndoProcessPayment",
                    "ParkProcessPayment",
                    "UndoProcessPaymentParked",
                ],
                order: Some(OrderStatus::New),
                payments: (1, 0),
                ..PARKED
            },
        ),
        (
            "3",
            Expected {
                error: "ErrReserveInventory",
                states: PERHAPS_RESERVED,
                payments: (1, 1),
                inventory: (1, 1),
                ..FAILED
            },
        ),
        (
            "33",
            Expected {
                error: "ErrReleaseInventory",
                states: &[
                    "ProcessPayment",
                    "ReserveInventory",
                    "UndoReserveInventory",
                    "ParkReserveInventory",
                    "UndoReserveInventoryParked",
                ],
                order: Some(OrderStatus::New),
                payments: (1, 0),
                inventory: (1, 0),
                ..PARKED
            },
        ),
    ];
    for (prefix, expected) in table {
        check(&saga().run(order(&format!("{prefix}-a"))).await, &expected);
    }
    for prefix in 4..=9 {
        let ended = saga().run(order(&format!("{prefix}-a"))).await;
        check(&ended, &COMPLETED);
        let receipt: Receipt = ended.output();
        let payments = ended.table::<Payments>();
        assert_eq!(receipt.payment_id, payments[0].transaction_id);
    }
}

/// Raised before the write, as known failures: the step's own undo does not run.
#[tokio::test]
async fn what_surely_did_not_happen_is_not_undone() {
    let table = [
        (
            "01",
            Expected {
                error: "ErrInvalidOrder",
                states: &["NotifyFailure", "OrderProcessingFailed"],
                order: None,
                ..FAILED
            },
        ),
        (
            "02",
            Expected {
                error: "ErrPaymentDeclined",
                states: NOT_PAID,
                ..FAILED
            },
        ),
        (
            "03",
            Expected {
                error: "ErrOutOfStock",
                states: NOT_RESERVED,
                payments: (1, 1),
                ..FAILED
            },
        ),
    ];
    for (prefix, expected) in table {
        check(&saga().run(order(&format!("{prefix}-a"))).await, &expected);
    }
}

#[tokio::test]
async fn a_timeout_or_a_crash_is_undone_with_what_came_before() {
    for fault in [SagaTest::timeout, SagaTest::crash] {
        let paid = Expected {
            states: PERHAPS_PAID,
            payments: (1, 1),
            ..FAILED
        };
        check(
            &fault(saga(), "ProcessPayment").run(order("4")).await,
            &paid,
        );
        let reserved = Expected {
            states: PERHAPS_RESERVED,
            payments: (1, 1),
            inventory: (1, 1),
            ..FAILED
        };
        check(
            &fault(saga(), "ReserveInventory").run(order("4")).await,
            &reserved,
        );
    }
}

#[tokio::test]
async fn a_throttle_that_lasts_undoes_what_came_before() {
    // After several attempts the last one's refusal does not speak for the others: the refund is asked for, and
    // finds that there is nothing to give back.
    let throttled = Expected {
        error: "Lambda.TooManyRequestsException",
        states: PERHAPS_PAID,
        ..FAILED
    };
    let test = saga().fail("ProcessPayment", "Lambda.TooManyRequestsException");
    check(&test.run(order("4")).await, &throttled);
    let test = saga().fail("ProcessPayment", "Lambda.TooManyRequestsException");
    check(&test.fault_attempts(2).run(order("4")).await, &COMPLETED);
}

#[tokio::test]
async fn an_order_is_completed_though_its_notification_fails() {
    let ended = saga().fail("NotifySuccess", "SNS.InternalErrorException");
    let ended = ended.run(order("4")).await;
    assert_eq!(ended.ending(), Ending::Completed, "{:?}", ended.failure());
    assert_eq!(ended.table::<Payments>().len(), 1);
    // An operator is told that a message is owed.
    assert_eq!(ended.queue("ParkedQueue").len(), 1);
}

#[tokio::test]
async fn what_is_delivered_twice_happens_once() {
    for step in ["ProcessOrder", "ProcessPayment", "ReserveInventory"] {
        check(&saga().duplicate(step).run(order("4")).await, &COMPLETED);
    }
    for undo in [
        "UndoReserveInventory",
        "UndoProcessPayment",
        "UndoProcessOrder",
    ] {
        let undone = Expected {
            states: PERHAPS_RESERVED,
            payments: (1, 1),
            inventory: (1, 1),
            ..FAILED
        };
        check(&saga().duplicate(undo).run(order("3")).await, &undone);
    }
}

#[tokio::test]
async fn an_execution_that_was_aborted_is_undone_by_its_recovery() {
    let ended = saga().abort("ReserveInventory").run(order("4")).await;
    let (ending, _) = ended.recovery().unwrap();
    assert_eq!(ending, Ending::Compensated);
    assert_eq!(
        ended.table::<Orders>()[0].order_status,
        OrderStatus::Pending
    );
    assert_eq!(ended.table::<Payments>().len(), 2);
    assert_eq!(ended.table::<Inventory>().len(), 2);
}

#[test]
fn every_failure_compensates() {
    saga_local::verify::<OrderProcessing>();
}
