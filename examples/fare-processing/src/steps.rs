//! The steps that fare collection has not: charging in one go, and what undoes it. Each is one function that does
//! two steps of [`fare_payments`], each under a key of its own.

mod charge;
mod refund;

pub use charge::ChargeFareRef;
pub use refund::{RefundFare, RefundFareRef};

/// The parts of a charge: what undoes one names it as what did it.
const AUTHORISATION: &str = "PreAuthorise";
const PAYMENT: &str = "MakePayment";
