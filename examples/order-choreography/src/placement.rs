//! Placing an order: what follows what, what undoes it, and how the events are called.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::steps::{
    CancelPaymentRef, CreateOrderRef, DeleteOrderRef, MakePaymentRef, RevertInventoryRef,
    UpdateInventoryRef,
};

/// An order as its customer asks for it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct OrderRequest {
    /// Which order it is.
    pub order_id: String,
    /// Who orders.
    pub user_name: String,
    /// When, in RFC 3339.
    pub order_date: String,
    /// What is ordered.
    pub product_id: String,
    /// How many of it.
    pub quantity: u32,
    /// The token that the payment provider gave out for the card.
    pub card_token: String,
}

/// What the customer is told.
#[derive(Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The order.
    pub order_id: String,
    /// What was paid, in cents.
    pub amount: u32,
}

/// Places an order, takes its goods from stock and its money from the customer; a failure on the way undoes what was done.
#[derive(Saga)]
pub struct OrderPlacement;

impl Saga for OrderPlacement {
    type Input = OrderRequest;
    type Output = Receipt;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, OrderRequest>) -> Completed<'s, Receipt> {
        saga.step(
            CreateOrderRef {
                user_name: order.user_name,
                order_date: order.order_date,
                order_id: order.order_id,
                product_id: order.product_id,
                quantity: order.quantity,
            }
            .tells("com.order.createorder", "CreateOrder")
            .compensate(|_| {
                DeleteOrderRef {
                    user_name: order.user_name,
                    order_date: order.order_date,
                }
                .tells("com.order.cancelorder", "CancelOrder")
            }),
        );

        let amount = saga.step(
            UpdateInventoryRef {
                order_id: order.order_id,
                product_id: order.product_id,
                quantity: order.quantity,
            }
            .tells("com.inventory.updated", "UpdateInventory")
            .compensate(|_| {
                RevertInventoryRef {
                    order_id: order.order_id,
                }
                .tells("com.inventory.reverted", "RevertInventory")
            }),
        );

        saga.step(
            MakePaymentRef {
                user_name: order.user_name,
                order_id: order.order_id,
                order_date: order.order_date,
                card_token: order.card_token,
                amount,
            }
            .tells_failure("com.payment.cancelPayment", "PaymentCancellation")
            .compensate(|_| {
                CancelPaymentRef {
                    user_name: order.user_name,
                    order_id: order.order_id,
                }
                .tells("com.payment.cancelPayment", "PaymentCancellation")
            }),
        );

        saga.complete(ReceiptRef {
            order_id: order.order_id,
            amount,
        })
    }
}
