//! An order is charged and shipped, or nothing of it remains.
//!
//! [`ordering`] says what happens in which order and what undoes it; [`steps`] are the Lambda handlers.

mod ordering;
mod steps;

saga_lambda::main!(ordering::Ordering);
