//! The services' handlers, a file each service.

mod inventory;
mod order;
mod payment;

pub use inventory::{RevertInventoryRef, UpdateInventoryRef};
pub use order::{CreateOrderRef, DeleteOrderRef};
pub use payment::{CancelPaymentRef, MakePaymentRef};
