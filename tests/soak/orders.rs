//! The orders: what each saga is started on.

use serde_json::{Value, json};

/// An order.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub number: usize,
    pub cents: i64,
    pub pieces: i64,
}

impl Order {
    pub fn of(number: usize) -> Self {
        // Amounts that all differ: two mistakes do not make up for each other.
        let mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let mixed = i64::try_from(mixed).unwrap();
        Self {
            number,
            cents: 100 + mixed % 1_000_000,
            pieces: 1 + mixed % 7,
        }
    }

    /// Its id, and the name of its execution.
    pub fn id(&self) -> String {
        format!("order-{}", self.number)
    }

    pub fn input(&self) -> Value {
        json!({ "orderId": self.id(), "cents": self.cents, "pieces": self.pieces })
    }
}
