//! Lends a book: reserved, checked, and handed out or sent.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Lends a book: reserved, checked, and handed out or sent.
#[derive(Saga)]
pub struct Choice;

impl Saga for Choice {
    type Input = ChoiceInput;
    type Output = ChoiceOutput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, ChoiceInput>,
    ) -> Completed<'s, ChoiceOutput> {
        let reserve_book = saga
            .step(
                ReserveBookRef(input)
                    .compensate(|reserve_book| ReleaseBookRef {
                        input,
                        reservation: reserve_book,
                    }),
            );
        saga.abort_if(
            "IsItForbidden",
            reserve_book.age.is_at_least(18.0) & input.reader.age.is_less_than(18.0),
            GivenUp::NotLent,
        );

        saga.abort_if(
            "IsItForbiddenEnds2",
            !input.reader.card.exists(),
            GivenUp::NotLent,
        );

        saga.cases("HowToHandOut")
            .case(
                input.reader.branch.starts_with("city-"),
                |saga| {
                    saga.step(
                        SendBookRef {
                            input,
                            reservation: reserve_book,
                        }
                            .compensate(|_| RecallBookRef {
                                input,
                                reservation: reserve_book,
                            }),
                    );
                    Ref::from(())
                },
            )
            .case(
                input.express.equals(true),
                |saga| {
                    saga.step(
                        SendByCourierRef {
                            input,
                            reservation: reserve_book,
                        }
                            .compensate(|_| StopCourierRef {
                                input,
                                reservation: reserve_book,
                            }),
                    );
                    Ref::from(())
                },
            )
            .otherwise(|_| { Ref::from(()) });
        saga.wait_seconds("Settle", input.patience, Duration::from_secs(86400));
        let (saga, _) = saga
            .pivot(NoteLoanRef {
                book: reserve_book.book,
                card: input.reader.card,
            });
        saga.complete(ChoiceOutputRef {
            input,
            reservation: reserve_book,
        })
    }
}

/// `reader` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ChoiceInputReader {
    pub card: Option<Value>,
    pub age: f64,
    pub branch: String,
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ChoiceInput {
    pub reader: ChoiceInputReader,
    pub express: bool,
    pub patience: u32,
}

/// What `ReserveBook` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ReserveBookOutput {
    pub book: Value,
    pub age: f64,
}

/// What the saga answers.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ChoiceOutput {
    pub input: ChoiceInput,
    pub reservation: ReserveBookOutput,
}

/// Why the saga gives up.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum GivenUp {
    #[error("NotLent")]
    NotLent,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `ReserveBook`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = ReserveBookOutput,
    error = NotMoved,
    compensation = ReleaseBook,
    timeout = "10s"
)]
pub struct ReserveBook(pub ChoiceInput);

impl Handler for ReserveBook {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<ReserveBookOutput, NotMoved> {
        Err(NotMoved("move the code of `ReserveBookFunction` here"))
    }
}

/// Undoes `ReserveBook`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct ReleaseBook {
    pub input: ChoiceInput,
    pub reservation: Option<ReserveBookOutput>,
}

impl Handler for ReleaseBook {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `ReleaseBookFunction` here"))
    }
}

/// `SendBook`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = RecallBook, timeout = "10s")]
pub struct SendBook {
    pub input: ChoiceInput,
    pub reservation: ReserveBookOutput,
}

impl Handler for SendBook {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `SendBookFunction` here"))
    }
}

/// Undoes `SendBook`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct RecallBook {
    pub input: ChoiceInput,
    pub reservation: ReserveBookOutput,
}

impl Handler for RecallBook {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `RecallBookFunction` here"))
    }
}

/// `SendByCourier`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = StopCourier, timeout = "10s")]
pub struct SendByCourier {
    pub input: ChoiceInput,
    pub reservation: ReserveBookOutput,
}

impl Handler for SendByCourier {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `SendByCourierFunction` here"))
    }
}

/// Undoes `SendByCourier`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct StopCourier {
    pub input: ChoiceInput,
    pub reservation: ReserveBookOutput,
}

impl Handler for StopCourier {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `StopCourierFunction` here"))
    }
}

/// `NoteLoan`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct NoteLoan {
    pub book: Value,
    pub card: Option<Value>,
}

impl Handler for NoteLoan {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `NoteLoanFunction` here"))
    }
}
