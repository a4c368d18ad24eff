//! The payment: a saga that a trip nests, and that could be started on its own.

use saga_dsl::prelude::*;

use crate::data::{PaymentRequest, Receipt, ReceiptRef};
use crate::steps::{AuthorizePaymentRef, CapturePaymentRef, RefundPayment, VoidPaymentRef};

/// Reserves an amount and takes it.
#[derive(Saga)]
#[saga(compensation = RefundPayment)]
pub struct Payment;

impl Saga for Payment {
    type Input = PaymentRequest;
    type Output = Receipt;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        request: Ref<'s, PaymentRequest>,
    ) -> Completed<'s, Receipt> {
        let authorization = saga.step(
            AuthorizePaymentRef {
                customer_id: request.customer_id,
                amount: request.amount,
            }
            .compensate(|authorization_id| VoidPaymentRef { authorization_id }),
        );
        let (saga, payment_id) = saga.pivot(CapturePaymentRef {
            authorization_id: authorization,
        });
        saga.complete(ReceiptRef { payment_id })
    }
}
