//! The steps that are Lambda handlers, a file each pair of do and undo.

mod charge;
mod reserve;
mod ship;

pub use charge::{ChargeCardRef, RefundCardRef};
pub use reserve::{ReleaseStockRef, ReserveStockRef};
pub use ship::ShipOrderRef;
