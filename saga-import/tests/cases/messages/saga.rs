//! Opens an account, and tells of it.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Opens an account, and tells of it.
#[derive(Saga)]
pub struct Messages;

impl Saga for Messages {
    type Input = MessagesInput;
    type Output = MessagesOutput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, MessagesInput>,
    ) -> Completed<'s, MessagesOutput> {
        saga.on_compensated(
            AccountEvents::publish_with(
                    NotifyFailedMessageRef {
                        customer: input.customer,
                        account: input.account,
                    },
                    AccountEventsAttributesRef {
                        outcome: "failed".into(),
                    },
                )
                .named("NotifyFailed"),
        );

        let text = saga.value(&"an account is stuck".to_owned());
        saga.on_parked(Operators::publish(text).named("NotifyStuck"));
        let open_account = saga
            .step(OpenAccountRef(input).compensate(|_| CloseAccountRef(input)));
        let send_card = saga
            .step(SendCardRef(open_account).compensate(|_| RecallCardRef(open_account)));
        saga.on_completed(
            AccountEvents::publish_with(
                    NotifyFailedMessageRef {
                        customer: open_account.customer,
                        account: open_account.account,
                    },
                    AccountEventsAttributesRef {
                        outcome: "opened".into(),
                    },
                )
                .subject("Account opened")
                .named("NotifyOpened"),
        );

        saga.complete(MessagesOutputRef {
            open_account,
            card: send_card,
        })
    }
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct MessagesInput {
    pub customer: Value,
    pub account: Value,
}

/// What `OpenAccount` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct OpenAccountOutput {
    pub customer: Value,
    pub account: Value,
}

/// What `NotifyFailed` tells.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct NotifyFailedMessage {
    pub customer: Value,
    pub account: Value,
}

/// What subscribers filter on.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct AccountEventsAttributes {
    pub outcome: String,
}

/// What the saga answers.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct MessagesOutput {
    pub open_account: OpenAccountOutput,
    pub card: Value,
}

/// The topic that is there already.
#[derive(SagaTopic)]
#[topic(
    message = NotifyFailedMessage,
    attributes = AccountEventsAttributes,
    existing(parameter = "AccountEventsArn")
)]
pub struct AccountEvents;

/// The topic that is there already.
#[derive(SagaTopic)]
#[topic(
    message = String,
    existing(arn = "arn:aws:sns:eu-central-1:123456789012:operators")
)]
pub struct Operators;

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `OpenAccount`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = OpenAccountOutput,
    error = NotMoved,
    compensation = CloseAccount,
    timeout = "10s"
)]
pub struct OpenAccount(pub MessagesInput);

impl Handler for OpenAccount {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<OpenAccountOutput, NotMoved> {
        Err(NotMoved("move the code of `OpenAccountFunction` here"))
    }
}

/// Undoes `OpenAccount`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct CloseAccount(pub MessagesInput);

impl Handler for CloseAccount {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `CloseAccountFunction` here"))
    }
}

/// `SendCard`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = NotMoved, compensation = RecallCard, timeout = "10s")]
pub struct SendCard(pub OpenAccountOutput);

impl Handler for SendCard {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, NotMoved> {
        Err(NotMoved("move the code of `SendCardFunction` here"))
    }
}

/// Undoes `SendCard`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct RecallCard(pub OpenAccountOutput);

impl Handler for RecallCard {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `RecallCardFunction` here"))
    }
}
