//! Ships a parcel abroad.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Ships a parcel abroad.
#[derive(Saga)]
pub struct NamedErrors;

impl Saga for NamedErrors {
    type Input = Value;
    type Output = Value;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, Value>,
    ) -> Completed<'s, Value> {
        let weigh_parcel = saga
            .step(WeighParcelRef(input).compensate(|_| RevertWeighParcelRef(input)));
        let pay_duty = saga
            .step(
                PayDutyRef(weigh_parcel)
                    .retry_service(Retry::after(Duration::from_secs(2)).times(6))
                    .compensate(|pay_duty| {
                        RefundDutyRef(pay_duty)
                            .retry_others(Retry::after(Duration::from_secs(1)))
                    }),
            );
        let (mut saga, hand_over) = saga.pivot(HandOverRef(pay_duty));
        let file_papers = saga.forward(FilePapersRef(hand_over));
        saga.complete(file_papers)
    }
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `Weigh Parcel`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = Value,
    error = NotMoved,
    compensation = RevertWeighParcel,
    timeout = "60s"
)]
pub struct WeighParcel(pub Value);

impl Handler for WeighParcel {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, NotMoved> {
        Err(NotMoved("move the code of `WeighParcelFunction.Arn` here"))
    }
}

/// Undoes `Weigh Parcel`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct RevertWeighParcel(pub Value);

impl Handler for RevertWeighParcel {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `Weigh Parcel`"))
    }
}

/// Why `Pay Duty` fails.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum PayDutyError {
    #[error("CustomsBusy")]
    #[saga(
        rename = "com.example.CustomsBusy",
        retry(interval = "3s", max_attempts = 4, backoff = 1.5)
    )]
    CustomsBusy,
    #[error("DutyRefused")]
    #[saga(rename = "com.example.DutyRefused")]
    DutyRefused,
    #[error(transparent)]
    #[saga(transparent)]
    NotMoved(#[from] NotMoved),
}

/// Customs want their money first.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = PayDutyError, compensation = RefundDuty, timeout = "15s")]
pub struct PayDuty(pub Value);

impl Handler for PayDuty {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, PayDutyError> {
        Err(NotMoved("move the code of `PayDutyFunction.Arn` here").into())
    }
}

/// Undoes `Pay Duty`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "15s")]
pub struct RefundDuty(pub Option<Value>);

impl Handler for RefundDuty {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `RefundDutyFunction.Arn` here"))
    }
}

/// Why `Hand Over` fails.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum HandOverError {
    #[error("CarrierFull")]
    CarrierFull,
    #[error(transparent)]
    #[saga(transparent)]
    NotMoved(#[from] NotMoved),
}

/// `Hand Over`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = HandOverError, timeout = "15s")]
pub struct HandOver(pub Value);

impl Handler for HandOver {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, HandOverError> {
        Err(NotMoved("move the code of `HandOverFunction.Arn` here").into())
    }
}

/// `File Papers`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = NotMoved, timeout = "15s")]
pub struct FilePapers(pub Value);

impl Handler for FilePapers {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, NotMoved> {
        Err(NotMoved("move the code of `FilePapersFunction.Arn` here"))
    }
}
