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
pub struct LeftToWrite;

impl Saga for LeftToWrite {
    type Input = LeftToWriteInput;
    type Output = Value;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, LeftToWriteInput>,
    ) -> Completed<'s, Value> {
        saga.step(TakeStockRef(input).compensate(|_| RevertTakeStockRef(input)));
        let id = saga
            .data(DeleteReservationKeyIdRef {
                s: input.id,
            });
        let key = saga.data(DeleteReservationKeyRef { id });
        let constant = saga.value(&serde_json::json!({ ":none" : { "N" : "0" } }));
        saga.step(
            PutReservationRef {
                table_name: "${ReservationsTable}".into(),
                item: input.reservation,
            }
                .compensate(|_| DeleteReservationRef {
                    table_name: "${ReservationsTable}".into(),
                    key,
                    condition_expression: "size(notes) = :none".into(),
                    expression_attribute_values: constant,
                }),
        );

        saga.read(SendOrderRef {
            queue_url: "${OrdersQueueUrl}".into(),
            message_body: input.order,
            message_group_id: input.customer,
        });
        let input_ = saga
            .data(RunPaymentInputRef {
                order: input.order,
            });
        let (mut saga, run_payment) = saga
            .pivot(RunPaymentRef {
                state_machine_arn: "${PaymentMachine}".into(),
                input: input_,
            });
        let publish_paid = saga
            .read(PublishPaidRef {
                topic_arn: input.topic,
                message: run_payment.output.text,
            });
        saga.read(BookMessageRef {
            message: publish_paid.message_id,
        });
        let detail = saga
            .data(TellBusEntriesItemDetailRef {
                order: input.order,
            });
        let item = saga
            .data(TellBusEntriesItemRef {
                source: "shop".into(),
                detail_type: "Ordered".into(),
                event_bus_name: "default".into(),
                detail,
            });
        let list = saga.list([item]);
        let tell_bus = saga.read(TellBusRef { entries: list });
        saga.complete(tell_bus)
    }
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct LeftToWriteInput {
    pub reservation: Value,
    pub id: Value,
    pub order: Value,
    pub customer: Value,
    pub topic: Value,
}

/// What `PublishPaid` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct PublishPaidOutput {
    #[serde(rename = "MessageId")]
    pub message_id: Value,
}

/// `Output` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct RunPaymentOutputOutput {
    pub text: Value,
}

/// What `RunPayment` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct RunPaymentOutput {
    #[serde(rename = "Output")]
    pub output: RunPaymentOutputOutput,
}

/// `id` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct DeleteReservationKeyId {
    #[serde(rename = "S")]
    pub s: Value,
}

/// `Key` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct DeleteReservationKey {
    pub id: DeleteReservationKeyId,
}

/// `Input` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct RunPaymentInput {
    pub order: Value,
}

/// `Detail` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct TellBusEntriesItemDetail {
    pub order: Value,
}

/// An item of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct TellBusEntriesItem {
    #[serde(rename = "Source")]
    pub source: String,
    #[serde(rename = "DetailType")]
    pub detail_type: String,
    #[serde(rename = "EventBusName")]
    pub event_bus_name: String,
    #[serde(rename = "Detail")]
    pub detail: TellBusEntriesItemDetail,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `TakeStock`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::dynamodb:updateItem",
///   "Parameters": {
///     "TableName": "${StockTable}",
///     "Key": {
///       "sku": {
///         "S.$": "$.sku"
///       }
///     },
///     "UpdateExpression": "SET stock = stock - :n",
///     "ExpressionAttributeValues": {
///       ":n": {
///         "N.$": "States.Format('{}', $.quantity)"
///       }
///     }
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = RevertTakeStock, timeout = "60s")]
pub struct TakeStock(pub LeftToWriteInput);

impl Handler for TakeStock {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("make the request to `arn:aws:states:::dynamodb:updateItem` here"))
    }
}

/// Undoes `TakeStock`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct RevertTakeStock(pub LeftToWriteInput);

impl Handler for RevertTakeStock {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `TakeStock`"))
    }
}

/// `PutReservation`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::dynamodb:putItem",
///   "Parameters": {
///     "TableName": "${ReservationsTable}",
///     "Item.$": "$.reservation"
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = DeleteReservation, timeout = "60s")]
pub struct PutReservation {
    #[serde(rename = "TableName")]
    pub table_name: String,
    #[serde(rename = "Item")]
    pub item: Value,
}

impl Handler for PutReservation {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("make the request to `arn:aws:states:::dynamodb:putItem` here"))
    }
}

/// Undoes `PutReservation`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::dynamodb:deleteItem",
///   "Parameters": {
///     "TableName": "${ReservationsTable}",
///     "Key": {
///       "id": {
///         "S.$": "$.id"
///       }
///     },
///     "ConditionExpression": "size(notes) = :none",
///     "ExpressionAttributeValues": {
///       ":none": {
///         "N": "0"
///       }
///     }
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct DeleteReservation {
    #[serde(rename = "TableName")]
    pub table_name: String,
    #[serde(rename = "Key")]
    pub key: DeleteReservationKey,
    #[serde(rename = "ConditionExpression")]
    pub condition_expression: String,
    #[serde(rename = "ExpressionAttributeValues")]
    pub expression_attribute_values: Value,
}

impl Handler for DeleteReservation {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("make the request to `arn:aws:states:::dynamodb:deleteItem` here"))
    }
}

/// `SendOrder`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::sqs:sendMessage",
///   "Parameters": {
///     "QueueUrl": "${OrdersQueueUrl}",
///     "MessageBody.$": "$.order",
///     "MessageGroupId.$": "$.customer"
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct SendOrder {
    #[serde(rename = "QueueUrl")]
    pub queue_url: String,
    #[serde(rename = "MessageBody")]
    pub message_body: Value,
    #[serde(rename = "MessageGroupId")]
    pub message_group_id: Value,
}

impl Handler for SendOrder {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("make the request to `arn:aws:states:::sqs:sendMessage` here"))
    }
}

/// `RunPayment`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::states:startExecution.sync:2",
///   "Parameters": {
///     "StateMachineArn": "${PaymentMachine}",
///     "Input": {
///       "order.$": "$.order"
///     }
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = RunPaymentOutput, error = NotMoved, timeout = "60s")]
pub struct RunPayment {
    #[serde(rename = "StateMachineArn")]
    pub state_machine_arn: String,
    #[serde(rename = "Input")]
    pub input: RunPaymentInput,
}

impl Handler for RunPayment {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<RunPaymentOutput, NotMoved> {
        Err(
            NotMoved(
                "make the request to `arn:aws:states:::states:startExecution.sync:2` here",
            ),
        )
    }
}

/// `PublishPaid`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::sns:publish",
///   "Parameters": {
///     "TopicArn.$": "$.topic",
///     "Message.$": "$.paid.Output.text"
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = PublishPaidOutput, error = NotMoved, timeout = "60s")]
pub struct PublishPaid {
    #[serde(rename = "TopicArn")]
    pub topic_arn: Value,
    #[serde(rename = "Message")]
    pub message: Value,
}

impl Handler for PublishPaid {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<PublishPaidOutput, NotMoved> {
        Err(NotMoved("make the request to `arn:aws:states:::sns:publish` here"))
    }
}

/// `BookMessage`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "5s")]
pub struct BookMessage {
    pub message: Value,
}

impl Handler for BookMessage {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `BookMessageFunction` here"))
    }
}

/// `TellBus`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::events:putEvents",
///   "Parameters": {
///     "Entries": [
///       {
///         "Source": "shop",
///         "DetailType": "Ordered",
///         "EventBusName": "default",
///         "Detail": {
///           "order.$": "$.order"
///         }
///       }
///     ]
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = NotMoved, timeout = "60s")]
pub struct TellBus {
    #[serde(rename = "Entries")]
    pub entries: Vec<TellBusEntriesItem>,
}

impl Handler for TellBus {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, NotMoved> {
        Err(NotMoved("make the request to `arn:aws:states:::events:putEvents` here"))
    }
}
