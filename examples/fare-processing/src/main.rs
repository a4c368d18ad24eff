//! Fare processing: a fare is registered, charged and credited to the customer's account, or nothing of
//! it remains.
//!
//! [`saga`] says what happens in which order and what undoes it; [`steps`] are the Lambda handlers, made of
//! those of [`fare_payments`]; [`resources`] are the table, the topic and its two queues.

mod data;
mod resources;
mod saga;
mod steps;

saga_lambda::main!(saga::FareProcessing);
