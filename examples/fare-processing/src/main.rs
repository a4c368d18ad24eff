//! Fare processing: a fare is registered, charged and credited to the customer's account, or nothing of
//! it remains.
//!
//! [`saga`] says what happens in which order and what undoes it; [`steps`] are the Lambda handlers;
//! [`resources`] are the table, the topic and its two queues; [`provider`] is the payment provider.

mod data;
mod provider;
mod resources;
mod saga;
mod steps;

saga_lambda::main!(saga::FareProcessing);
