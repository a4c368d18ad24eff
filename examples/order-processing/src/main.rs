//! Order processing: an order is placed, paid and its items are reserved, or nothing of it remains.
//!
//! [`saga`] says what happens in which order and what undoes it; [`steps`] are the six Lambda handlers;
//! [`resources`] are their three tables, the topic and its queue; [`database`] is the AWS SDK behind them;
//! [`scenario`] makes steps fail on purpose.

mod data;
mod database;
mod resources;
mod saga;
mod scenario;
mod steps;

saga_lambda::main!(saga::OrderProcessing);
