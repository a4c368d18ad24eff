//! The saga, and how the events are called that it goes by.

#[cfg(test)]
mod tests;

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::steps::{ChargeOrderRef, RefundOrderRef, ShipOrderRef};

/// What somebody ordered.
#[derive(Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub order_id: String,
    pub item: String,
    /// In cents.
    pub amount: u32,
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    pub charge_id: String,
    pub parcel: String,
}

/// Charges an order, then ships it.
#[derive(Saga)]
pub struct Ordering;

impl Saga for Ordering {
    type Input = Order;
    type Output = Receipt;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, Order>) -> Completed<'s, Receipt> {
        let charge = saga.step(
            ChargeOrderRef {
                order_id: order.order_id,
                amount: order.amount,
            }
            .tells("com.payments", "OrderCharged")
            .tells_failure("com.payments", "ChargeRefused")
            .compensate(|charge| {
                RefundOrderRef {
                    order_id: order.order_id,
                    charge_id: charge.map(|charge| charge.charge_id),
                }
                .tells("com.payments", "OrderRefunded")
            }),
        );
        // The point of no return.
        let (saga, parcel) = saga.pivot(
            ShipOrderRef {
                order_id: order.order_id,
                item: order.item,
            }
            .tells_failure("com.warehouse", "OrderSoldOut"),
        );
        saga.complete(ReceiptRef {
            charge_id: charge.charge_id,
            parcel,
        })
    }
}
