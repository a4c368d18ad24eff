//! Keeps an order in a table while it is paid.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Keeps an order in a table while it is paid.
#[derive(Saga)]
pub struct Rows;

impl Saga for Rows {
    type Input = RowsInput;
    type Output = RowsOutput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, RowsInput>,
    ) -> Completed<'s, RowsOutput> {
        let find_customer = saga
            .read(CustomersTable::get(input.customer).named("FindCustomer"));
        saga.abort_if(
            "IsKnown",
            !(find_customer.exists()
                & find_customer
                    .and_then(|row| row.status)
                    .equals(Ref::<String>::from("active"))),
            GivenUp::UnknownCustomer,
        );

        let saga_id = saga.id();
        saga.step(
            OrdersTable::put(OrdersTableRowRef {
                    order_id: input.order,
                    status: "pending".into(),
                    price: input.price,
                    items: 1.into(),
                    gift: input.gift,
                    saga_: saga_id,
                })
                .named("PutOrder")
                .timeout(Duration::from_secs(5))
                .compensate(|_| OrdersTable::delete(input.order).named("DeleteOrder")),
        );

        saga.step(
            Stock::update(
                    (input.sku, "main".into()),
                    move |row| [row.status.set("reserved"), row.holder.set(input.order)],
                )
                .named("ReserveStock")
                .when(|row| row.status.equals("free") & row.sku.exists())
                .compensate(|_| {
                    Stock::update(
                            (input.sku, "main".into()),
                            |row| row.status.set("free"),
                        )
                        .named("ReleaseStock")
                        .when(move |row| row.holder.equals(input.order))
                }),
        );

        saga.step(
            CapturePaymentRef {
                order: input.order,
                email: find_customer.and_then(|row| row.email),
            }
                .compensate(|_| {
                    Refunds::put(RefundsRowRef {
                            order_id: input.order,
                            why: "order failed".into(),
                        })
                        .named("RefundPayment")
                }),
        );

        let (saga, _) = saga
            .pivot(
                OrdersTable::update(input.order, |row| row.status.set("completed"))
                    .named("CompleteOrder"),
            );
        let constant = saga.value(&serde_json::json!({}));
        saga.complete(RowsOutputRef {
            input,
            found: constant,
        })
    }
}

/// A row of `CustomersTable`: as much of it as the definition names.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct CustomersTableRow {
    pub customer_id: String,
    pub email: Option<String>,
    pub status: Option<String>,
}

/// A row of `OrdersTable`: as much of it as the definition names.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct OrdersTableRow {
    pub order_id: String,
    pub status: String,
    pub price: f64,
    pub items: i64,
    pub gift: bool,
    pub saga_: String,
}

/// A row of `Stock`: as much of it as the definition names.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct StockRow {
    pub sku: String,
    pub store: String,
    pub status: String,
    pub holder: String,
}

/// A row of `Refunds`: as much of it as the definition names.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct RefundsRow {
    pub order_id: String,
    pub why: String,
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct RowsInput {
    pub customer: String,
    pub order: String,
    pub price: f64,
    pub gift: bool,
    pub sku: String,
}

/// What the saga answers.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct RowsOutput {
    pub input: RowsInput,
    pub found: Value,
}

/// The table that is there already.
#[derive(SagaTable)]
#[table(
    item = CustomersTableRow,
    partition_key = customer_id: String,
    existing(parameter = "CustomersTableArn"),
    isolation = none("as before: nothing but conditions keeps executions apart")
)]
pub struct CustomersTable;

/// The table that is there already.
#[derive(SagaTable)]
#[table(
    item = OrdersTableRow,
    partition_key = order_id: String,
    existing(parameter = "OrdersTableArn"),
    isolation = none("as before: nothing but conditions keeps executions apart")
)]
pub struct OrdersTable;

/// The table that is there already.
#[derive(SagaTable)]
#[table(
    item = StockRow,
    partition_key = sku: String,
    sort_key = store: String,
    existing(parameter = "StockArn"),
    isolation = none("as before: nothing but conditions keeps executions apart")
)]
pub struct Stock;

/// The table that is there already.
#[derive(SagaTable)]
#[table(
    item = RefundsRow,
    partition_key = order_id: String,
    existing(parameter = "RefundsArn"),
    isolation = none("as before: nothing but conditions keeps executions apart")
)]
pub struct Refunds;

/// Why the saga gives up.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum GivenUp {
    #[error("UnknownCustomer")]
    UnknownCustomer,
}

impl Undoes<CapturePayment> for saga_dsl::integration::dynamodb::Put<Refunds> {}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `CapturePayment`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct CapturePayment {
    pub order: String,
    pub email: Option<String>,
}

impl Handler for CapturePayment {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `CapturePaymentFunction` here"))
    }
}
