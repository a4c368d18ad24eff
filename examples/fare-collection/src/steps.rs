//! The steps: three and what undoes them, a file each transaction.

mod account;
mod authorisation;
mod payment;

pub use account::{ReverseEntryRef, UpdateAccountRef};
pub use authorisation::{PreAuthoriseRef, VoidAuthorisationRef};
pub use payment::{MakePaymentRef, RefundPaymentRef};

#[cfg(test)]
use std::sync::Arc;

#[cfg(test)]
use crate::provider::Provider;

/// A test in which all handlers share one provider.
#[cfg(test)]
pub fn with_provider(
    test: saga_local::testing::SagaTest,
    provider: &Arc<Provider>,
) -> saga_local::testing::SagaTest {
    test.app::<authorisation::PreAuthorise>(Arc::clone(provider))
        .app::<authorisation::VoidAuthorisation>(Arc::clone(provider))
        .app::<payment::MakePayment>(Arc::clone(provider))
        .app::<payment::RefundPayment>(Arc::clone(provider))
        .app::<account::UpdateAccount>(Arc::clone(provider))
        .app::<account::ReverseEntry>(Arc::clone(provider))
}
