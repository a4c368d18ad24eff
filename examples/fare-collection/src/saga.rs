//! Two sagas of the same three steps. Which of them is the pivot is their author's to say.

use fare_payments::FareRequest;
use fare_payments::account::{ReverseEntryRef, UpdateAccountRef};
use fare_payments::authorisation::{PreAuthoriseRef, VoidAuthorisationRef};
use fare_payments::payment::{MakePaymentRef, RefundPaymentRef};
use saga_dsl::prelude::*;

use crate::data::{Receipt, ReceiptRef, UncollectedRef};
use crate::resources::{GateFares, UncollectedFares};

/// Collects a fare that is asked for over HTTP. It has no pivot: what is not collected as a whole is given
/// back as a whole.
#[derive(Saga)]
pub struct FareCollection;

impl Saga for FareCollection {
    type Input = FareRequest;
    type Output = Receipt;

    fn triggers(on: &mut Triggers<'_, FareRequest>) {
        on.http("/fares", |fare| fare.fare_id).throttle(20, 40);
    }

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Completed<'s, Receipt> {
        let authorisation = pre_authorise(&mut saga, fare);
        let payment_id = saga.step(make_payment(fare, authorisation).compensate(|payment_id| {
            RefundPaymentRef {
                customer_id: fare.customer_id,
                payment_id,
            }
        }));
        let entry_id =
            saga.step(
                update_account(fare, payment_id).compensate(|_| ReverseEntryRef {
                    customer_id: fare.customer_id,
                }),
            );
        saga.complete(receipt(fare, payment_id, entry_id))
    }
}

/// Collects the fare of a passenger who is through the gate. The payment is its pivot: once it is made, it
/// stays, and the account follows.
#[derive(Saga)]
pub struct GateCollection;

impl Saga for GateCollection {
    type Input = FareRequest;
    type Output = Receipt;

    fn triggers(on: &mut Triggers<'_, FareRequest>) {
        on.event("com.metro.gates", "PassengerPassed", |fare| fare.fare_id);
        on.queue::<GateFares>(|fare| fare.fare_id);
    }

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Completed<'s, Receipt> {
        saga.on_compensated(
            UncollectedFares::send(UncollectedRef {
                fare_id: fare.fare_id,
                customer_id: fare.customer_id,
            })
            .named("TellOfUncollectedFare"),
        );
        let authorisation = pre_authorise(&mut saga, fare);
        let (mut saga, payment_id) = saga.pivot(make_payment(fare, authorisation));
        let entry_id = saga.forward(update_account(fare, payment_id));
        saga.complete(receipt(fare, payment_id, entry_id))
    }
}

fn pre_authorise<'s>(saga: &mut Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Ref<'s, String> {
    saga.step(
        PreAuthoriseRef {
            customer_id: fare.customer_id,
            amount: fare.fare_amount,
            cc: fare.cc,
            expiry_date: fare.expiry_date,
            cvv: fare.cvv,
        }
        .compensate(|_| VoidAuthorisationRef {
            customer_id: fare.customer_id,
        }),
    )
}

fn make_payment<'s>(
    fare: Ref<'s, FareRequest>,
    authorisation: Ref<'s, String>,
) -> MakePaymentRef<'s> {
    MakePaymentRef {
        customer_id: fare.customer_id,
        authorisation,
    }
}

fn update_account<'s>(
    fare: Ref<'s, FareRequest>,
    payment_id: Ref<'s, String>,
) -> UpdateAccountRef<'s> {
    UpdateAccountRef {
        customer_id: fare.customer_id,
        payment_id,
    }
}

fn receipt<'s>(
    fare: Ref<'s, FareRequest>,
    payment_id: Ref<'s, String>,
    entry_id: Ref<'s, String>,
) -> ReceiptRef<'s> {
    ReceiptRef {
        fare_id: fare.fare_id,
        payment_id,
        entry_id,
    }
}

#[cfg(test)]
mod tests;
