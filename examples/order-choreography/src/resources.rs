//! The services' tables. No service reads another's.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// An order that is placed.
#[derive(Debug, PartialEq, Serialize, Deserialize, SagaData)]
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
}

/// The orders of a user, by date.
#[derive(SagaTable)]
#[table(
    item = Order,
    partition_key = user_name: String,
    sort_key = order_date: String,
    isolation = none("an order is one saga's own")
)]
pub struct Orders;

/// A product in stock, or goods that were taken from it: `hold/` and what they were taken for.
#[derive(Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Which.
    pub id: String,
    /// How many are there, or were taken.
    pub stock: u32,
    /// What one costs, in cents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<u32>,
    /// Of which product goods were taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
}

/// The stock.
#[derive(SagaTable)]
#[table(
    item = Product,
    partition_key = id: String,
    isolation = none("only handlers change the stock, each by a condition on what it takes")
)]
pub struct Inventory;

/// A payment for an order.
#[derive(Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Who paid.
    pub user_name: String,
    /// For which order: a second order has a payment of its own.
    pub order_id: String,
    /// How much, in cents.
    pub amount: u32,
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
