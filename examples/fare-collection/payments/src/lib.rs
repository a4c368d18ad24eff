//! What the sagas of fares share: the fare itself, the steps of its payment with what undoes each, their
//! errors, and the provider's client, which is the `App` of their handlers.
//!
//! A package of sagas depends on this crate as on any other. Its flow calls the steps (`PreAuthoriseRef { … }`), and
//! `saga_lambda::main!` finds their handlers by the calls; or a step of its own does several of them in one
//! function (`PreAuthorise { … }.handle(…)`).

pub mod account;
pub mod authorisation;
pub mod fare;
pub mod payment;
pub mod provider;

pub use fare::{FareRequest, FareRequestRef};
pub use provider::Provider;
