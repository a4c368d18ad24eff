//! Orders by events: the order service places an order, the inventory service takes its goods from stock, the payment
//! service takes the money; nobody conducts. What fails is undone by the same events, backwards.
//!
//! [`saga`] says what follows what, and how the events are called; [`steps`] are the services' handlers, a file each service;
//! [`resources`] are their tables; [`database`] is the client behind them.

mod database;
mod resources;
mod saga;
mod steps;

saga_lambda::main!(saga::OrderPlacement);
