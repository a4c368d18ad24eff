//! What an order's saga is given, carries, keeps and answers.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// A customer's order.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct OrderRequest {
    /// The order: one saga each.
    pub order_id: String,
    /// When it was placed.
    pub order_date: String,
    /// Who placed it.
    pub customer_id: String,
    /// What is ordered.
    pub items: Vec<Item>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Item {
    /// The article.
    pub item_id: String,
    /// How many of it, or how much.
    pub qty: f64,
    /// What it is called.
    pub description: String,
    /// What one costs, in dollars.
    pub unit_price: f64,
}

/// What all lines cost together, in cents; none where a line has no quantity or no price.
pub fn total(items: &[Item]) -> Option<u64> {
    let mut cents = 0.0;
    for item in items {
        if !(item.qty > 0.0 && item.unit_price >= 0.0) {
            return None;
        }
        cents += (item.qty * item.unit_price * 100.0).round();
    }
    // Up to here a number of JSON is exact; a fraction was rounded off, and nothing is below zero.
    (!items.is_empty() && cents < 9_007_199_254_740_992.0).then_some(cents as u64)
}

/// How far an order got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    /// Placed.
    New,
    /// Undone: somebody has to look at it.
    Pending,
}

/// An order that is placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Order {
    /// The order.
    pub order_id: String,
    /// When it was placed.
    pub order_date: String,
    /// Who placed it.
    pub customer_id: String,
    /// What is ordered.
    pub items: Vec<Item>,
    /// How far it got.
    pub order_status: OrderStatus,
    /// The key of the step that placed it, which knows its own order again.
    pub placed_by: String,
}

/// What became known when an order was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
pub struct Placed {
    /// What it costs, in cents.
    pub amount: u64,
}

/// Which way money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum PaymentType {
    /// From the customer.
    Debit,
    /// Back to the customer.
    Credit,
}

/// A payment, or its refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
pub struct Payment {
    /// The transaction: the same one however often it is tried.
    pub transaction_id: String,
    /// The order that is paid.
    pub order_id: String,
    /// Which way the money went.
    pub payment_type: PaymentType,
    /// How much, in cents.
    pub amount: u64,
}

/// Which way items went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum MovementType {
    /// Set aside for an order.
    Reserve,
    /// Given free again.
    Release,
}

/// Items that were set aside for an order, or given free again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SagaData)]
pub struct Movement {
    /// The transaction: the same one however often it is tried.
    pub transaction_id: String,
    /// The order they are for.
    pub order_id: String,
    /// Which way they went.
    pub transaction_type: MovementType,
    /// The items.
    pub items: Vec<Item>,
}

/// A saga's answer to whoever started it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
pub struct Receipt {
    /// The order.
    pub order_id: String,
    /// The transaction that paid it.
    pub payment_id: String,
    /// The transaction that reserved its items.
    pub reservation_id: String,
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Placed, paid and reserved.
    Completed,
    /// Undone.
    Failed,
}

/// What is told of an order that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
pub struct OrderEnded {
    /// The order.
    pub order_id: String,
    /// Whose order it is.
    pub customer_id: String,
    /// How it ended.
    pub outcome: Outcome,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(qty: f64, unit_price: f64) -> Item {
        Item {
            item_id: "567".into(),
            qty,
            description: "A lamp".into(),
            unit_price,
        }
    }

    #[test]
    fn lines_are_added_up_in_whole_cents() {
        let cases = [
            (vec![item(1.0, 19.99)], Some(1_999)),
            (vec![item(3.0, 0.1), item(0.5, 0.33)], Some(47)),
            (vec![item(2.0, 0.0)], Some(0)),
            (vec![], None),
            (vec![item(0.0, 19.99)], None),
            (vec![item(1.0, -0.01)], None),
            (vec![item(f64::NAN, 1.0)], None),
            (vec![item(1e300, 1e300)], None),
        ];
        for (items, expected) in cases {
            assert_eq!(total(&items), expected, "{items:?}");
        }
    }
}
