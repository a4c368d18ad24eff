//! Orders by events: the order service places an order, the inventory service takes its goods from stock, the payment
//! service takes the money; nobody conducts. What fails is undone by the same events, backwards.
//!
//! [`placement`] says what follows what, and how the events are called, [`cancellation`] how an order is taken back later;
//! [`steps`] are the services' handlers, a file each service; [`api`] are their routes, and [`tokens`] who may use them;
//! [`resources`] are their tables; [`database`] is the client behind them.

mod api;
mod cancellation;
mod database;
mod placement;
mod resources;
mod steps;
#[cfg(test)]
mod tests;
mod tokens;

saga_lambda::main!(
    placement::OrderPlacement, cancellation::OrderCancellation;
    apis: api::OrderApi, api::PaymentApi, api::ProductApi
);
