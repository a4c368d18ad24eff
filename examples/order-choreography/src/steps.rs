//! The services' handlers, a file each service.

mod inventory;
mod order;
mod payment;

pub use inventory::{ReturnGoodsRef, RevertInventoryRef, UpdateInventoryRef};
pub use order::{CloseOrderRef, CreateOrderRef, DeleteOrderRef, RemoveOrderRef};
pub use payment::{CancelPaymentRef, MakePaymentRef, RefundPaymentRef};
#[cfg(test)]
pub use {
    inventory::{InventoryError, ReturnGoods, RevertInventory, UpdateInventory},
    order::{CloseOrder, CreateOrder, DeleteOrder, OrderError, RemoveOrder},
    payment::{CancelPayment, MakePayment, PaymentError, RefundPayment},
};
