//! Renews a subscription, if it has not been renewed.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Renews a subscription, if it has not been renewed.
#[derive(Saga)]
pub struct EarlyEnd;

impl Saga for EarlyEnd {
    type Input = Value;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, input: Ref<'s, Value>) -> Completed<'s, ()> {
        let get_subscription = saga.read(GetSubscriptionRef(input));
        saga.abort_if(
            "IsItRenewedEnds1",
            (get_subscription.price.is_greater_than(1000.0)
                & !get_subscription.trusted.equals(true))
                & !get_subscription.status.equals("renewed"),
            GivenUp::TooDear,
        );

        saga.cases("IsItRenewed")
            .case(get_subscription.status.equals("renewed"), |_| { Ref::from(()) })
            .otherwise(|saga| {
                saga.step(
                    ChargeRenewalRef {
                        customer: get_subscription.customer,
                    }
                        .compensate(|_| RevertChargeRenewalRef {
                            customer: get_subscription.customer,
                        }),
                );
                Ref::from(())
            });
        saga.complete(())
    }
}

/// What `GetSubscription` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct GetSubscriptionOutput {
    pub customer: Value,
    pub status: String,
    pub price: f64,
    pub trusted: bool,
}

/// Why the saga gives up.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum GivenUp {
    #[error("TooDear")]
    TooDear,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `GetSubscription`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = GetSubscriptionOutput, error = NotMoved, timeout = "10s")]
pub struct GetSubscription(pub Value);

impl Handler for GetSubscription {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<GetSubscriptionOutput, NotMoved> {
        Err(NotMoved("move the code of `GetSubscriptionFunction` here"))
    }
}

/// `ChargeRenewal`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = RevertChargeRenewal, timeout = "10s")]
pub struct ChargeRenewal {
    pub customer: Value,
}

impl Handler for ChargeRenewal {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `ChargeRenewalFunction` here"))
    }
}

/// Undoes `ChargeRenewal`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct RevertChargeRenewal {
    pub customer: Value,
}

impl Handler for RevertChargeRenewal {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `ChargeRenewal`"))
    }
}
