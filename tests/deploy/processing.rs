//! System C, `examples/order-processing`: the prefix of an order's id decides what fails. The forward errors 1, 2 and 3
//! come after the write, so that the step's own undo runs; 01, 02 and 03 before it.

use serde_json::{Value, json};

use crate::table::Ends::{self, Compensated, Completed, Parked};
use crate::table::{Case, Deployment, nothing};

pub const DEPLOYMENT: Deployment = Deployment {
    package: "order-processing",
    target: "step-functions",
    parameters: &[],
    builds: 1,
    functions: 6,
    input: order,
    key: "order_id",
    shows: &[
        ("OrdersTable", "order_status"),
        ("PaymentsTable", "payment_type"),
        ("InventoryTable", "transaction_type"),
    ],
    secrets: &[],
    cases: &[
        case(
            "1-a",
            Compensated("ErrProcessOrder"),
            "ProcessOrder UndoProcessOrder NotifyFailure OrderProcessingFailed",
            &["pending", "", ""],
        ),
        case(
            "11-a",
            Parked("ErrUpdateOrderStatus"),
            "ProcessOrder UndoProcessOrder ParkProcessOrder UndoProcessOrderParked",
            &["new", "", ""],
        ),
        case(
            "2-a",
            Compensated("ErrProcessPayment"),
            "ProcessOrder ProcessPayment UndoProcessPayment UndoProcessOrder NotifyFailure OrderProcessingFailed",
            &["pending", "credit debit", ""],
        ),
        case(
            "22-a",
            Parked("ErrProcessRefund"),
            "ProcessOrder ProcessPayment UndoProcessPayment ParkProcessPayment UndoProcessPaymentParked",
            &["new", "debit", ""],
        ),
        case(
            "3-a",
            Compensated("ErrReserveInventory"),
            "ProcessOrder ProcessPayment ReserveInventory UndoReserveInventory UndoProcessPayment UndoProcessOrder NotifyFailure OrderProcessingFailed",
            &["pending", "credit debit", "release reserve"],
        ),
        case(
            "33-a",
            Parked("ErrReleaseInventory"),
            "ProcessOrder ProcessPayment ReserveInventory UndoReserveInventory ParkReserveInventory UndoReserveInventoryParked",
            &["new", "debit", "reserve"],
        ),
        case(
            "01-a",
            Compensated("ErrInvalidOrder"),
            "ProcessOrder NotifyFailure OrderProcessingFailed",
            &["", "", ""],
        ),
        case(
            "02-a",
            Compensated("ErrPaymentDeclined"),
            "ProcessOrder ProcessPayment UndoProcessOrder NotifyFailure OrderProcessingFailed",
            &["pending", "", ""],
        ),
        case(
            "03-a",
            Compensated("ErrOutOfStock"),
            "ProcessOrder ProcessPayment ReserveInventory UndoProcessPayment UndoProcessOrder NotifyFailure OrderProcessingFailed",
            &["pending", "credit debit", ""],
        ),
        completed("4-a"),
        completed("5-a"),
        completed("6-a"),
        completed("7-a"),
        completed("8-a"),
        completed("9-a"),
    ],
    more: nothing,
};

const fn case(
    input: &'static str,
    ends: Ends,
    path: &'static str,
    rows: &'static [&'static str],
) -> Case {
    Case {
        machine: "OrderProcessingStateMachine",
        input,
        ends,
        path,
        rows,
        queue: Some(match ends {
            Parked(_) => "ParkedQueue",
            Completed(_) | Compensated(_) => "EndedOrdersQueue",
        }),
    }
}

const fn completed(input: &'static str) -> Case {
    case(
        input,
        Completed("reservation_id"),
        "ProcessOrder ProcessPayment ReserveInventory NotifySuccess OrderProcessingSucceeded",
        &["new", "debit", "reserve"],
    )
}

fn order(id: &str) -> Value {
    json!({
        "order_id": id,
        "order_date": "2026-11-26",
        "customer_id": "customer-1",
        "items": [{ "item_id": "567", "qty": 2.0, "description": "A lamp", "unit_price": 19.99 }],
    })
}
