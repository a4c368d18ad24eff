//! What an order's saga is given, carries and answers.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// An order.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The order: one saga each.
    pub order_id: String,
    /// How many pieces.
    pub pieces: u64,
    /// What they cost together, in cents.
    pub cents: u64,
}

/// How far an order got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Registered.
    Open,
    /// Paid and shipped.
    Shipped,
    /// Undone.
    Cancelled,
}

/// An order as the table of orders has it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The order.
    pub order_id: String,
    /// How far it got.
    pub status: Status,
}

/// The orders.
#[derive(SagaTable)]
#[table(
    item = Row,
    partition_key = order_id: String,
    isolation = none("an order is one saga's own: the put of its row refuses another's"),
)]
pub struct Orders;

/// What the provider has in its books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
pub struct Entry {
    /// The provider's number for it.
    pub id: String,
}
