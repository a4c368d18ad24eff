//! The steps: three and what undoes them, a file each table.

mod inventory;
mod order;
mod payment;

pub use inventory::{ReleaseInventoryRef, ReserveInventoryRef};
pub use order::{ProcessOrderRef, UpdateOrderStatusRef};
pub use payment::{ProcessPaymentRef, ProcessRefundRef};

use saga_dsl::prelude::*;
use uuid::Uuid;

/// The id of a transaction: the same on every attempt, and for the step that undoes it.
fn transaction_id(kind: &str, cx: &Context) -> String {
    let name = format!("{kind}/{}", cx.idempotency_key());
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
}
