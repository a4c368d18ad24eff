//! Fare collection: a card is pre-authorised, the fare is paid and entered into the customer's account.
//!
//! [`saga`] has two sagas of the same steps: one gives everything back, the other has the payment for its
//! pivot. [`steps`] are the Lambda handlers; [`resources`] are the queues; [`provider`] is the payment provider
//! and the accounting system.

mod data;
mod provider;
mod resources;
mod saga;
mod steps;

saga_lambda::main!(saga::FareCollection, saga::GateCollection);
