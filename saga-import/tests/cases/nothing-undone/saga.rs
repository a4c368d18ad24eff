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
pub struct NothingUndone;

impl Saga for NothingUndone {
    type Input = Value;
    type Output = Value;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, Value>,
    ) -> Completed<'s, Value> {
        let get_quote = saga.read(GetQuoteRef(input));
        let place_order = saga
            .step(
                PlaceOrderRef(get_quote).compensate(|_| RevertPlaceOrderRef(get_quote)),
            );
        let (saga, print_label) = saga
            .pivot(PrintLabelRef {
                order: place_order.id,
                source: "web".into(),
            });
        saga.complete(print_label)
    }
}

/// What `PlaceOrder` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct PlaceOrderOutput {
    pub id: Value,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `GetQuote`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = NotMoved, timeout = "60s")]
pub struct GetQuote(pub Value);

impl Handler for GetQuote {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, NotMoved> {
        Err(NotMoved("move the code of `GetQuoteFunction` here"))
    }
}

/// `PlaceOrder`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = PlaceOrderOutput,
    error = NotMoved,
    compensation = RevertPlaceOrder,
    timeout = "60s"
)]
pub struct PlaceOrder(pub Value);

impl Handler for PlaceOrder {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<PlaceOrderOutput, NotMoved> {
        Err(NotMoved("move the code of `PlaceOrderFunction` here"))
    }
}

/// Undoes `PlaceOrder`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct RevertPlaceOrder(pub Value);

impl Handler for RevertPlaceOrder {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `PlaceOrder`"))
    }
}

/// `PrintLabel`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = NotMoved, timeout = "60s")]
pub struct PrintLabel {
    pub order: Value,
    pub source: String,
}

impl Handler for PrintLabel {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, NotMoved> {
        Err(NotMoved("move the code of `PrintLabelFunction` here"))
    }
}
