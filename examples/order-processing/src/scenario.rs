//! Steps that fail on purpose, by the longest prefix of the order's id in the table below. For trying out
//! what a saga does; with real payments and stock this module goes.

/// Where an order fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fails {
    /// Before the order is written: surely not done.
    BeforeOrder,
    /// After the order was written: who is told that it failed cannot know.
    AfterOrder,
    /// In the compensation of the order.
    UpdateStatus,
    /// Before the payment is written.
    BeforePayment,
    /// After the payment was written.
    AfterPayment,
    /// In the compensation of the payment.
    Refund,
    /// Before the reservation is written.
    BeforeReservation,
    /// After the reservation was written.
    AfterReservation,
    /// In the compensation of the reservation.
    Release,
}

use Fails::{
    AfterOrder, AfterPayment, AfterReservation, BeforeOrder, BeforePayment, BeforeReservation,
    Refund, Release, UpdateStatus,
};

/// A compensation can only fail where it is come to: so its step fails, too.
const TABLE: [(&str, &[Fails]); 9] = [
    ("01", &[BeforeOrder]),
    ("02", &[BeforePayment]),
    ("03", &[BeforeReservation]),
    ("1", &[AfterOrder]),
    ("11", &[AfterOrder, UpdateStatus]),
    ("2", &[AfterPayment]),
    ("22", &[AfterPayment, Refund]),
    ("3", &[AfterReservation]),
    ("33", &[AfterReservation, Release]),
];

impl Fails {
    /// Whether this order fails here.
    pub fn with(self, order_id: &str) -> bool {
        let prefixes = TABLE.iter();
        let fitting = prefixes.filter(|(prefix, _)| order_id.starts_with(prefix));
        let longest = fitting.max_by_key(|(prefix, _)| prefix.len());
        longest.is_some_and(|(_, fails)| fails.contains(&self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_decides() {
        let cases = [
            ("1-a", AfterOrder, true),
            ("1-a", UpdateStatus, false),
            ("11-a", UpdateStatus, true),
            ("11-a", AfterOrder, true),
            ("22", Refund, true),
            ("23", Refund, false),
            ("23", AfterPayment, true),
            ("01", AfterOrder, false),
            ("4", AfterOrder, false),
            ("", AfterOrder, false),
        ];
        for (order, fails, expected) in cases {
            assert_eq!(fails.with(order), expected, "{order} {fails:?}");
        }
    }
}
