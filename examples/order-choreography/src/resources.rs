//! The services' tables. No service reads another's.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// An order that is placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Who placed it.
    pub user_name: String,
    /// When, in RFC 3339.
    pub order_date: String,
    /// Which order it is.
    pub order_id: String,
    /// What is ordered.
    pub product_id: String,
    /// How many of it.
    pub quantity: u32,
    /// The saga that placed it: what another one finds here is not its own.
    pub placed_by: String,
    /// Whether it is being cancelled.
    #[serde(default)]
    pub is_closed: bool,
}

/// The orders of a user, by date.
#[derive(SagaTable)]
#[table(
    item = Order,
    partition_key = user_name: String,
    sort_key = order_date: String,
    isolation = none("an order is placed by one saga, and cancelled by one after that has ended")
)]
pub struct Orders;

/// A product in stock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Which.
    pub id: String,
    /// How many are there.
    pub stock: u32,
    /// What one costs, in cents.
    pub price: u32,
    /// How often it was changed: whoever sets a stock says which one they have seen.
    pub version: u32,
    /// Whether it is sold no more. Its row stays, since goods of it may still come back.
    #[serde(default)]
    pub is_withdrawn: bool,
}

/// The stock.
#[derive(SagaTable)]
#[table(
    item = Product,
    partition_key = id: String,
    isolation = none("only handlers change the stock, each by a condition on what it takes")
)]
pub struct Inventory;

/// Goods that were taken for an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    /// For which.
    pub order_id: String,
    /// Of which product.
    pub product_id: String,
    /// How many of it.
    pub quantity: u32,
    /// What they cost, in cents.
    pub amount: u32,
    /// The step that took them.
    pub taken_by: String,
}

/// What was taken from stock.
#[derive(SagaTable)]
#[table(
    item = Hold,
    partition_key = order_id: String,
    isolation = none("goods are taken by one step, and put back by what undoes it")
)]
pub struct Holds;

/// A payment for an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Who paid.
    pub user_name: String,
    /// For which order: a second order has a payment of its own.
    pub order_id: String,
    /// The order's date.
    pub order_date: String,
    /// How much, in cents.
    pub amount: u32,
    /// The saga that took it, or `hand/` and who noted it.
    pub made_by: String,
}

/// The payments of a user, by order.
#[derive(SagaTable)]
#[table(
    item = Payment,
    partition_key = user_name: String,
    sort_key = order_id: String,
    isolation = none("a payment is one order's own")
)]
pub struct Payments;
