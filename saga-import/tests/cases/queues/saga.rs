//! A saga that was a definition in the Amazon States Language.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A saga that was a definition in the Amazon States Language.
#[derive(Saga)]
pub struct Queues;

impl Saga for Queues {
    type Input = QueuesInput;
    type Output = ();

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, QueuesInput>,
    ) -> Completed<'s, ()> {
        saga.on_compensated(
            Picks::send(CancelPickMessageRef {
                    order: input.order,
                    what: "cancel".into(),
                })
                .named("CancelPick"),
        );

        saga.read(
            Picks::send(CancelPickMessageRef {
                    order: input.order,
                    what: "pick".into(),
                })
                .named("RequestPick"),
        );

        saga.step(
            ShipmentsTable::put(ShipmentsTableRowRef {
                    order_id: input.order,
                    weight: input.weight,
                    fragile: true.into(),
                })
                .named("PutShipment")
                .compensate(|_| {
                    ShipmentsTable::delete(input.order).named("DeleteShipment")
                }),
        );

        let ship_order = saga
            .step(ShipOrderRef(input).compensate(|_| RevertShipOrderRef(input)));
        saga.on_completed(
            ShippedQueue::send(ship_order.tracking).named("NotifyShipped"),
        );

        saga.complete(())
    }
}

/// A row of `ShipmentsTable`: as much of it as the definition names.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct ShipmentsTableRow {
    pub order_id: String,
    pub weight: f64,
    pub fragile: bool,
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct QueuesInput {
    pub order: String,
    pub weight: f64,
}

/// What `ShipOrder` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ShipOrderOutput {
    pub tracking: Value,
}

/// What `CancelPick` tells.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct CancelPickMessage {
    pub order: String,
    pub what: String,
}

/// The queue that is there already.
#[derive(SagaQueue)]
#[queue(
    message = CancelPickMessage,
    existing(arn = "arn:aws:sqs:eu-central-1:123456789012:picks")
)]
pub struct Picks;

/// The queue that is there already.
#[derive(SagaQueue)]
#[queue(message = Value, existing(parameter = "ShippedQueueUrlArn"))]
pub struct ShippedQueue;

/// The table that is there already.
#[derive(SagaTable)]
#[table(
    item = ShipmentsTableRow,
    partition_key = order_id: String,
    existing(parameter = "ShipmentsTableArn"),
    isolation = none("as before: nothing but conditions keeps executions apart")
)]
pub struct ShipmentsTable;

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `ShipOrder`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = ShipOrderOutput,
    error = NotMoved,
    compensation = RevertShipOrder,
    timeout = "30s"
)]
pub struct ShipOrder(pub QueuesInput);

impl Handler for ShipOrder {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<ShipOrderOutput, NotMoved> {
        Err(NotMoved("move the code of `ShipOrderFunction` here"))
    }
}

/// Undoes `ShipOrder`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "30s")]
pub struct RevertShipOrder(pub QueuesInput);

impl Handler for RevertShipOrder {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `ShipOrder`"))
    }
}
