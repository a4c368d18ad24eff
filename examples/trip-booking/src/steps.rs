//! The steps that are Lambda handlers: a file for each thing that is done and undone.

mod flight;
mod hotel;
mod payment;
mod quote;
mod reminder;
mod seat;
mod ticket;

pub use flight::{CancelFlightRef, ReserveFlightRef};
pub use hotel::{CancelHotelRef, ReserveHotelRef};
pub use payment::{
    AuthorizePaymentRef, CapturePaymentRef, RefundPayment, RefundPaymentRef, VoidPaymentRef,
};
pub use quote::QuoteTripRef;
pub use reminder::SendReminderRef;
pub use seat::{AssignSeatRef, ReleaseSeatRef};
pub use ticket::IssueTicketsRef;

/// Lets all handlers of a test share an agency.
#[cfg(test)]
pub fn with_agency(
    test: saga_local::testing::SagaTest,
    agency: &std::sync::Arc<crate::agency::Agency>,
) -> saga_local::testing::SagaTest {
    macro_rules! share {
        ($($handler:ty),* $(,)?) => { test$(.app::<$handler>(agency.clone()))* };
    }
    share!(
        flight::ReserveFlight,
        flight::CancelFlight,
        hotel::ReserveHotel,
        hotel::CancelHotel,
        payment::AuthorizePayment,
        payment::VoidPayment,
        payment::CapturePayment,
        payment::RefundPayment,
        reminder::SendReminder,
        seat::AssignSeat,
        seat::ReleaseSeat,
        ticket::IssueTickets,
    )
}
