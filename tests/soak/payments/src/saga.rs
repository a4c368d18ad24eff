//! The saga: what happens in which order, and what undoes it.

use std::time::Duration;

use saga_dsl::integration::dynamodb::Update;
use saga_dsl::prelude::*;

use crate::data::{Entry, EntryRef, Order, Orders, RowRef, Status};
use crate::provider::ProviderErrorKind;
use crate::steps::{ChargeCardRef, RefundCardRef, ReleaseStockRef, ReserveStockRef, ShipOrderRef};

/// Undone steps and the pivot are tried again whatever happened to them; only then is a saga parked.
const PATIENT: Retry = Retry::after(Duration::from_secs(1)).times(5).jitter();

/// Reserves stock for an order, charges its card and ships it.
#[derive(Saga)]
pub struct Ordering;

impl Saga for Ordering {
    type Input = Order;
    type Output = Entry;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, Order>) -> Completed<'s, Entry> {
        saga.step(
            Orders::put(RowRef {
                order_id: order.order_id,
                status: Status::Open.into(),
            })
            .named("RegisterOrder")
            .compensate(|_| set_status(order, Status::Cancelled)),
        );
        saga.step(
            ReserveStockRef {
                order_id: order.order_id,
                pieces: order.pieces,
            }
            .compensate(|_| {
                ReleaseStockRef {
                    order_id: order.order_id,
                }
                .retry_others(PATIENT)
            }),
        );
        let charge = saga.step(
            ChargeCardRef {
                order_id: order.order_id,
                cents: order.cents,
            }
            .compensate(|charge| {
                RefundCardRef {
                    order_id: order.order_id,
                    charge: charge.map(|charge| charge.id),
                }
                .retry_others(PATIENT)
            }),
        );
        let (mut saga, _) = saga.pivot(
            ShipOrderRef {
                order_id: order.order_id,
                pieces: order.pieces,
            }
            .retry(ProviderErrorKind::Refused, Retry::NEVER)
            .retry_others(PATIENT),
        );
        saga.forward(set_status(order, Status::Shipped).named("SetShipped"));
        saga.complete(EntryRef { id: charge.id })
    }
}

fn set_status<'s>(order: Ref<'s, Order>, status: Status) -> impl Call<'s, Step = Update<Orders>> {
    Orders::update(order.order_id, move |row| row.status.set(status))
}
