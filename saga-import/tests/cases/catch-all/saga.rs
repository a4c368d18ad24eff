//! Moves a household: a van, a flat and the electricity.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Moves a household: a van, a flat and the electricity.
#[derive(Saga)]
pub struct CatchAll;

impl Saga for CatchAll {
    type Input = CatchAllInput;
    type Output = CatchAllOutput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, CatchAllInput>,
    ) -> Completed<'s, CatchAllOutput> {
        let book_van = saga.step(BookVanRef(input).compensate(|_| CancelVanRef(input)));
        let sign_lease = saga
            .step(
                SignLeaseRef {
                    flat: input.flat,
                    from: book_van.day,
                    months: 12.into(),
                    furnished: false.into(),
                }
                    .retry_others(
                        Retry::after(Duration::from_secs(2)).times(2).backoff(1.5),
                    )
                    .compensate(|_| {
                        EndLeaseRef { flat: input.flat }
                            .retry_others(
                                Retry::after(Duration::from_secs(1))
                                    .times(5)
                                    .at_most(Duration::from_secs(60))
                                    .jitter(),
                            )
                    }),
            );
        let address = saga
            .data(OrderElectricityAddressRef {
                flat: input.flat,
                country: "CH".into(),
            });
        saga.step(
            OrderElectricityRef {
                lease: sign_lease.number,
                address,
            }
                .compensate(|_| CancelElectricityRef {
                    lease: sign_lease.number,
                }),
        );

        saga.complete(CatchAllOutputRef {
            input,
            van: book_van,
            lease: sign_lease,
        })
    }
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct CatchAllInput {
    pub flat: Value,
}

/// What `BookVan` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct BookVanOutput {
    pub day: Value,
}

/// What `SignLease` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct SignLeaseOutput {
    pub number: Value,
}

/// `address` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct OrderElectricityAddress {
    pub flat: Value,
    pub country: String,
}

/// What the saga answers.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct CatchAllOutput {
    pub input: CatchAllInput,
    pub van: BookVanOutput,
    pub lease: SignLeaseOutput,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `BookVan`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = BookVanOutput,
    error = NotMoved,
    compensation = CancelVan,
    timeout = "20s"
)]
pub struct BookVan(pub CatchAllInput);

impl Handler for BookVan {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<BookVanOutput, NotMoved> {
        Err(
            NotMoved(
                "move the code of `arn:aws:lambda:eu-central-1:123456789012:function:book-van` here",
            ),
        )
    }
}

/// Undoes `BookVan`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct CancelVan(pub CatchAllInput);

impl Handler for CancelVan {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(
            NotMoved(
                "move the code of `arn:aws:lambda:eu-central-1:123456789012:function:cancel-van` here",
            ),
        )
    }
}

/// `SignLease`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = SignLeaseOutput,
    error = NotMoved,
    compensation = EndLease,
    timeout = "30s"
)]
pub struct SignLease {
    pub flat: Value,
    pub from: Value,
    pub months: i64,
    pub furnished: bool,
}

impl Handler for SignLease {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<SignLeaseOutput, NotMoved> {
        Err(
            NotMoved(
                "move the code of `arn:aws:lambda:eu-central-1:123456789012:function:sign-lease` here",
            ),
        )
    }
}

/// Undoes `SignLease`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct EndLease {
    pub flat: Value,
}

impl Handler for EndLease {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(
            NotMoved(
                "move the code of `arn:aws:lambda:eu-central-1:123456789012:function:end-lease` here",
            ),
        )
    }
}

/// `OrderElectricity`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = CancelElectricity, timeout = "60s")]
pub struct OrderElectricity {
    pub lease: Value,
    pub address: OrderElectricityAddress,
}

impl Handler for OrderElectricity {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(
            NotMoved(
                "move the code of `arn:aws:lambda:eu-central-1:123456789012:function:order-electricity` here",
            ),
        )
    }
}

/// Undoes `OrderElectricity`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct CancelElectricity {
    pub lease: Value,
}

impl Handler for CancelElectricity {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(
            NotMoved(
                "move the code of `arn:aws:lambda:eu-central-1:123456789012:function:cancel-electricity` here",
            ),
        )
    }
}
