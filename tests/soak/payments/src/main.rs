//! Orders: stock is reserved, a card is charged, the order is shipped, or nothing of it remains.
//!
//! The package that the soak runs ten thousand times while its processes are killed. [`saga`] says what
//! happens in which order and what undoes it; [`steps`] are the Lambda handlers; all of them call the
//! [`provider`], which is another process and keeps the books.

mod data;
mod provider;
mod saga;
mod steps;

saga_lambda::main!(saga::Ordering);
