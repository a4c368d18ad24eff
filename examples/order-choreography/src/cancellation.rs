//! Taking an order back that was placed: it goes only forward, for a customer who was told so is not told otherwise.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::steps::{CloseOrderRef, RefundPaymentRef, RemoveOrderRef, ReturnGoodsRef};

/// Which order.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Cancellation {
    /// Which.
    pub order_id: String,
    /// Who placed it.
    pub user_name: String,
    /// When.
    pub order_date: String,
}

/// Gives the money of a placed order back, puts its goods back into stock, and deletes it.
#[derive(Saga)]
pub struct OrderCancellation;

impl Saga for OrderCancellation {
    type Input = Cancellation;
    type Output = String;

    fn define<'s>(saga: Flow<'s, '_>, order: Ref<'s, Cancellation>) -> Completed<'s, String> {
        let (mut saga, _) = saga.pivot(
            CloseOrderRef {
                user_name: order.user_name,
                order_date: order.order_date,
                order_id: order.order_id,
            }
            .tells("com.order.cancelorder", "CancelOrder"),
        );
        saga.forward(
            RefundPaymentRef {
                user_name: order.user_name,
                order_id: order.order_id,
            }
            .tells("com.payment.cancelPayment", "PaymentCancellation"),
        );
        saga.forward(
            ReturnGoodsRef {
                order_id: order.order_id,
            }
            .tells("com.inventory.reverted", "RevertInventory"),
        );
        saga.forward(RemoveOrderRef {
            user_name: order.user_name,
            order_date: order.order_date,
            order_id: order.order_id,
        });
        saga.complete(order.order_id)
    }
}
