//! The saga: what happens in which order, and what undoes it.

use saga_dsl::prelude::*;

use crate::data::{OrderEndedRef, OrderRequest, OrderStatus, Outcome, Receipt, ReceiptRef};
use crate::resources::{EndedOrders, OrderAttributesRef, OrderEvents};
use crate::steps::{
    ProcessOrderRef, ProcessPaymentRef, ProcessRefundRef, ReleaseInventoryRef, ReserveInventoryRef,
    UpdateOrderStatusRef,
};

/// Places an order, takes its money and reserves its items; a failure on the way undoes what was done.
#[derive(Saga)]
#[saga(resources(EndedOrders))]
pub struct OrderProcessing;

impl Saga for OrderProcessing {
    type Input = OrderRequest;
    type Output = Receipt;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, OrderRequest>) -> Completed<'s, Receipt> {
        saga.on_compensated(tell(order, Outcome::Failed).named("NotifyFailure"));
        saga.on_completed(tell(order, Outcome::Completed).named("NotifySuccess"));

        let placed = saga.step(
            ProcessOrderRef {
                order_id: order.order_id,
                order_date: order.order_date,
                customer_id: order.customer_id,
                items: order.items,
            }
            .compensate(|_| UpdateOrderStatusRef {
                order_id: order.order_id,
                order_status: OrderStatus::Pending.into(),
            }),
        );

        let payment_id = saga.step(
            ProcessPaymentRef {
                order_id: order.order_id,
                amount: placed.amount,
            }
            .compensate(|_| ProcessRefundRef {
                order_id: order.order_id,
            }),
        );

        let reservation_id = saga.step(
            ReserveInventoryRef {
                order_id: order.order_id,
                items: order.items,
            }
            .compensate(|_| ReleaseInventoryRef {
                order_id: order.order_id,
            }),
        );

        saga.complete(ReceiptRef {
            order_id: order.order_id,
            payment_id,
            reservation_id,
        })
    }
}

fn tell<'s>(order: Ref<'s, OrderRequest>, outcome: Outcome) -> impl Call<'s> {
    let (subject, attribute) = match outcome {
        Outcome::Completed => ("Order completed", "completed"),
        Outcome::Failed => ("Order failed", "failed"),
    };
    OrderEvents::publish_with(
        OrderEndedRef {
            order_id: order.order_id,
            customer_id: order.customer_id,
            outcome: outcome.into(),
        },
        OrderAttributesRef {
            outcome: attribute.into(),
        },
    )
    .subject(subject)
}

#[cfg(test)]
mod tests;
