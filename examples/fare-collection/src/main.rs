//! Fare collection: a card is pre-authorised, the fare is paid and entered into the customer's account.
//!
//! [`saga`] has two sagas of the same steps: one gives everything back, the other has the payment for its
//! pivot. [`resources`] are the queues. The steps are those of [`fare_payments`], which other sagas use too.

mod data;
mod resources;
mod saga;

saga_lambda::main!(saga::FareCollection, saga::GateCollection);
