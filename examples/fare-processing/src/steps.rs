//! The steps that are Lambda handlers, a file each.

mod charge;
mod credit;
mod refund;

pub use charge::ChargeFareRef;
pub use credit::CreditCustomerAccountRef;
pub use refund::{RefundFare, RefundFareRef};
