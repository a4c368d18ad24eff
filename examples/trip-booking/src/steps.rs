//! The steps that are Lambda handlers: a file for each thing that is done and undone.

mod payment;
mod quote;
mod reminder;
mod reservation;
mod ticket;

pub use payment::{
    AuthorizePaymentRef, CapturePaymentRef, RefundPayment, RefundPaymentRef, VoidPaymentRef,
};
pub use quote::QuoteTripRef;
pub use reminder::SendReminderRef;
pub use reservation::{AssignSeatRef, Product, ReserveFlightRef, ReserveHotelRef, reserve};
pub use ticket::IssueTicketsRef;
