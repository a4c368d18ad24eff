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
pub struct Inline;

impl Saga for Inline {
    type Input = InlineInput;
    type Output = InlineOutput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, InlineInput>,
    ) -> Completed<'s, InlineOutput> {
        let book_flight = saga
            .step(BookFlightRef(input).compensate(|_| CancelFlightRef(input)));
        saga.on_completed(
            TripTopic::publish(TellTripMessageRef {
                    trip: input.trip,
                })
                .named("TellTrip"),
        );

        saga.complete(InlineOutputRef {
            input,
            flight: book_flight,
        })
    }
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct InlineInput {
    pub trip: Value,
}

/// What `TellTrip` tells.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct TellTripMessage {
    pub trip: Value,
}

/// What the saga answers.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct InlineOutput {
    pub input: InlineInput,
    pub flight: Value,
}

/// The topic that is there already.
#[derive(SagaTopic)]
#[topic(message = TellTripMessage, existing(parameter = "TripTopicArn"))]
pub struct TripTopic;

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `BookFlight`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = NotMoved, compensation = CancelFlight, timeout = "30s")]
pub struct BookFlight(pub InlineInput);

impl Handler for BookFlight {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, NotMoved> {
        Err(NotMoved("move the code of `BookFlightFunction` here"))
    }
}

/// Undoes `BookFlight`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct CancelFlight(pub InlineInput);

impl Handler for CancelFlight {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `CancelFlightFunction` here"))
    }
}
