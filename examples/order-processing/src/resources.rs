//! The tables of orders, payments and inventory, and the topic and queue that tell how orders ended.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Movement, MovementType, Order, OrderEnded, Payment, PaymentType};

/// The orders and how far each got.
#[derive(SagaTable)]
#[table(
    item = Order,
    partition_key = order_id: String,
    isolation = none("an order is one saga's own")
)]
pub struct Orders;

/// Payments and refunds. What happened to one order is found by the index, which lags behind the table:
/// handlers go by the key.
#[derive(SagaTable)]
#[table(
    item = Payment,
    partition_key = transaction_id: String,
    index(name = "by-order", partition_key = order_id: String, sort_key = payment_type: PaymentType),
    isolation = none("a movement is a row of its own, which nobody changes again")
)]
pub struct Payments;

/// Reservations and releases. What happened to one order is found by the index, which lags behind the
/// table: handlers go by the key.
#[derive(SagaTable)]
#[table(
    item = Movement,
    partition_key = transaction_id: String,
    index(name = "by-order", partition_key = order_id: String, sort_key = transaction_type: MovementType),
    isolation = none("a movement is a row of its own, which nobody changes again")
)]
pub struct Inventory;

/// Orders that have ended.
#[derive(SagaTopic)]
#[topic(message = OrderEnded, attributes = OrderAttributes)]
pub struct OrderEvents;

/// What subscribers filter orders on.
#[derive(Serialize, Deserialize, SagaData)]
pub struct OrderAttributes {
    /// `completed` or `failed`.
    pub outcome: String,
}

/// All orders that have ended, for whoever follows up on them.
#[derive(SagaQueue)]
#[queue(message = OrderEnded, subscribe(OrderEvents, raw))]
pub struct EndedOrders;
