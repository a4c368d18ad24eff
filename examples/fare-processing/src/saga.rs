//! The saga: what happens in which order, and what undoes it.

use fare_payments::FareRequest;
use fare_payments::account::UpdateAccountRef;
use saga_dsl::integration::dynamodb::Update;
use saga_dsl::prelude::*;

use crate::data::{FareRef, FareStatus, Receipt, ReceiptRef};
use crate::resources::{
    FailedTransactions, FareTransactions, Fares, SuccessfulTransactions, TransactionAttributesRef,
};
use crate::steps::{ChargeFareRef, RefundFareRef};

/// Registers a fare, charges it and credits the customer's account; a failure on the way undoes what was
/// done.
#[derive(Saga)]
#[saga(resources(SuccessfulTransactions, FailedTransactions))]
pub struct FareProcessing;

impl Saga for FareProcessing {
    type Input = FareRequest;
    type Output = Receipt;

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Completed<'s, Receipt> {
        saga.on_compensated(announce(fare, FareStatus::Failed).named("NotifyFailure"));

        saga.step(
            Fares::put(row(fare, FareStatus::Registered))
                .named("RegisterFare")
                .compensate(|_| set_status(fare, FareStatus::Failed)),
        );

        let charge = saga.step(
            ChargeFareRef {
                customer_id: fare.customer_id,
                fare_id: fare.fare_id,
                amount: fare.fare_amount,
                cc: fare.cc,
                expiry_date: fare.expiry_date,
                cvv: fare.cvv,
            }
            .compensate(|charge| RefundFareRef {
                customer_id: fare.customer_id,
                fare_id: fare.fare_id,
                charge_id: charge.map(|charge| charge.charge_id),
            }),
        );

        // Once the account is credited, the fare is the customer's: from here on the saga only goes forward.
        let credit = UpdateAccountRef {
            customer_id: fare.customer_id,
            payment_id: charge.charge_id,
        };
        let (mut saga, _) = saga.pivot(credit.named("CreditCustomerAccount"));

        saga.forward(set_status(fare, FareStatus::Completed).named("SetFareStatusCompleted"));
        saga.on_completed(announce(fare, FareStatus::Completed).named("NotifySuccess"));

        saga.complete(ReceiptRef {
            fare_id: fare.fare_id,
            charge_id: charge.charge_id,
            fare_status: FareStatus::Completed.into(),
        })
    }
}

/// What is written and told of a fare.
fn row<'s>(fare: Ref<'s, FareRequest>, status: FareStatus) -> FareRef<'s> {
    FareRef {
        fare_id: fare.fare_id,
        customer_id: fare.customer_id,
        fare_amount: fare.fare_amount,
        fare_status: status.into(),
    }
}

fn set_status<'s>(
    fare: Ref<'s, FareRequest>,
    status: FareStatus,
) -> impl Call<'s, Step = Update<Fares>> {
    Fares::update(fare.fare_id, move |row| row.fare_status.set(status))
}

fn announce<'s>(fare: Ref<'s, FareRequest>, status: FareStatus) -> impl Call<'s> {
    let (subject, is_successful) = match status {
        FareStatus::Completed => ("Transaction Succeeded", "true"),
        FareStatus::Registered | FareStatus::Failed => ("Transaction Failed", "false"),
    };
    FareTransactions::publish_with(
        row(fare, status),
        TransactionAttributesRef {
            is_successful: is_successful.into(),
        },
    )
    .subject(subject)
}

#[cfg(test)]
mod tests;
