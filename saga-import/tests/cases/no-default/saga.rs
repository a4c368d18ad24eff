//! Renews a pass, by one of two ways and by no other.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Renews a pass, by one of two ways and by no other.
#[derive(Saga)]
pub struct NoDefault;

impl Saga for NoDefault {
    type Input = NoDefaultInput;
    type Output = TakePassOutput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, NoDefaultInput>,
    ) -> Completed<'s, TakePassOutput> {
        let take_pass = saga
            .step(
                TakePassRef {
                    holder: input.holder,
                }
                    .compensate(|take_pass| ReturnPassRef {
                        number: take_pass.map(|take_pass| take_pass.number),
                    }),
            );
        saga.abort_if(
            "ByWhomEnds1",
            !(take_pass.asked.equals("holder") | take_pass.asked.equals("office")),
            GivenUp::NoChoiceMatched,
        );

        saga.cases("ByWhom")
            .case(take_pass.asked.equals("holder"), |_| { Ref::from(()) })
            .otherwise(|saga| {
                saga.wait("ForOffice", Duration::from_secs(5));
                Ref::from(())
            });
        saga.step(
            PrintPassRef {
                number: take_pass.number,
                reader: input.holder,
            }
                .compensate(|_| RevertPrintPassRef {
                    number: take_pass.number,
                    reader: input.holder,
                }),
        );

        saga.complete(take_pass)
    }
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct NoDefaultInput {
    pub holder: Value,
}

/// What `TakePass` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct TakePassOutput {
    pub number: Value,
    pub asked: String,
}

/// Why the saga gives up.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum GivenUp {
    #[error("NoChoiceMatched")]
    NoChoiceMatched,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `TakePass`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = TakePassOutput,
    error = NotMoved,
    compensation = ReturnPass,
    timeout = "20s"
)]
pub struct TakePass {
    pub holder: Value,
}

impl Handler for TakePass {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<TakePassOutput, NotMoved> {
        Err(NotMoved("move the code of `TakePassFunction` here"))
    }
}

/// Undoes `TakePass`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "20s")]
pub struct ReturnPass {
    pub number: Option<Value>,
}

impl Handler for ReturnPass {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `ReturnPassFunction` here"))
    }
}

/// `PrintPass`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = RevertPrintPass, timeout = "20s")]
pub struct PrintPass {
    pub number: Value,
    pub reader: Value,
}

impl Handler for PrintPass {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `PrintPassFunction` here"))
    }
}

/// Undoes `PrintPass`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "20s")]
pub struct RevertPrintPass {
    pub number: Value,
    pub reader: Value,
}

impl Handler for RevertPrintPass {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `PrintPass`"))
    }
}
