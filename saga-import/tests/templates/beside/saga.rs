//! A saga that was a definition in the Amazon States Language.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// A saga that was a definition in the Amazon States Language.
#[derive(Saga)]
pub struct Beside;

impl Saga for Beside {
    type Input = BesideInput;
    type Output = BesideInput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, BesideInput>,
    ) -> Completed<'s, BesideInput> {
        saga.step(
            OrdersTable::put(OrdersTableRowRef {
                    customer: input.customer,
                    order: input.order,
                    status: "pending".into(),
                })
                .named("PutOrder")
                .compensate(|_| {
                    OrdersTable::delete((input.customer, input.order))
                        .named("DeleteOrder")
                }),
        );

        saga.step(ChargeCardRef(input).compensate(|_| RefundCardRef(input)));
        saga.on_completed(
            ReceiptQueue::send(SendReceiptMessageRef {
                    order: input.order,
                    from: "corner".into(),
                })
                .named("SendReceipt"),
        );

        saga.complete(input)
    }
}

/// A row of `OrdersTable`: as much of it as the definition names.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct OrdersTableRow {
    pub customer: String,
    pub order: String,
    pub status: String,
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct BesideInput {
    pub order: String,
    pub customer: String,
}

/// What `SendReceipt` tells.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct SendReceiptMessage {
    pub order: String,
    pub from: String,
}

/// The queue that is there already.
#[derive(SagaQueue)]
#[queue(message = SendReceiptMessage, existing(parameter = "ReceiptQueueArn"))]
pub struct ReceiptQueue;

/// The table that is there already.
#[derive(SagaTable)]
#[table(
    item = OrdersTableRow,
    partition_key = customer: String,
    sort_key = order: String,
    existing(parameter = "OrdersTableArn"),
    isolation = none("as before: nothing but conditions keeps executions apart")
)]
pub struct OrdersTable;

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `ChargeCard`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = RefundCard, timeout = "12s", memory = 512)]
pub struct ChargeCard(pub BesideInput);

impl Handler for ChargeCard {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `ChargeCardFunction` here"))
    }
}

/// Undoes `ChargeCard`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "20s", memory = 1024)]
pub struct RefundCard(pub BesideInput);

impl Handler for RefundCard {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `RefundCardFunction` here"))
    }
}
