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
pub struct Variables;

impl Saga for Variables {
    type Input = VariablesInput;
    type Output = VariablesOutput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, VariablesInput>,
    ) -> Completed<'s, VariablesOutput> {
        let saga_id = saga.id();
        let constant = saga.list(["stalls".into()]);
        let reserve_seat = saga
            .step(
                ReserveSeatRef {
                    show: input.show,
                    execution: saga_id,
                    tags: constant,
                }
                    .compensate(|reserve_seat| ReleaseSeatRef {
                        seat: reserve_seat.map(|reserve_seat| reserve_seat.seat),
                    }),
            );
        saga.wait("Settle", Duration::from_secs(30));
        let charge_ticket = saga
            .step(
                ChargeTicketRef {
                    seat: reserve_seat.seat,
                    customer: input.customer.id,
                    price: reserve_seat.price,
                }
                    .compensate(|_| RefundTicketRef {
                        customer: input.customer.id,
                    }),
            );
        saga.complete(VariablesOutputRef {
            seat: reserve_seat.seat,
            charge: charge_ticket.charge,
        })
    }
}

/// `customer` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct VariablesInputCustomer {
    pub id: Value,
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct VariablesInput {
    pub show: Value,
    pub customer: VariablesInputCustomer,
}

/// What `ChargeTicket` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ChargeTicketOutput {
    pub charge: Value,
}

/// What `ReserveSeat` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ReserveSeatOutput {
    pub seat: Value,
    pub price: Value,
}

/// What the saga answers.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct VariablesOutput {
    pub seat: Value,
    pub charge: Value,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// Why `ReserveSeat` fails.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum ReserveSeatError {
    #[error("SoldOut")]
    SoldOut,
    #[error(transparent)]
    #[saga(transparent)]
    NotMoved(#[from] NotMoved),
}

/// `ReserveSeat`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = ReserveSeatOutput,
    error = ReserveSeatError,
    compensation = ReleaseSeat,
    timeout = "10s"
)]
pub struct ReserveSeat {
    pub show: Value,
    pub execution: String,
    pub tags: Vec<String>,
}

impl Handler for ReserveSeat {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<ReserveSeatOutput, ReserveSeatError> {
        Err(NotMoved("move the code of `ReserveSeatFunction` here").into())
    }
}

/// Undoes `ReserveSeat`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct ReleaseSeat {
    pub seat: Option<Value>,
}

impl Handler for ReleaseSeat {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `ReleaseSeatFunction` here"))
    }
}

/// `ChargeTicket`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = ChargeTicketOutput,
    error = NotMoved,
    compensation = RefundTicket,
    timeout = "10s"
)]
pub struct ChargeTicket {
    pub seat: Value,
    pub customer: Value,
    pub price: Value,
}

impl Handler for ChargeTicket {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<ChargeTicketOutput, NotMoved> {
        Err(NotMoved("move the code of `ChargeTicketFunction` here"))
    }
}

/// Undoes `ChargeTicket`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct RefundTicket {
    pub customer: Value,
}

impl Handler for RefundTicket {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `RefundTicketFunction` here"))
    }
}
