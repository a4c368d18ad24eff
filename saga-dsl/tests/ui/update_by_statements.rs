//! An update sets what its closure answers.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Order {
    id: String,
    status: String,
    carrier: String,
}

#[derive(SagaTable)]
#[table(item = Order, partition_key = id: String, isolation = none("an order is one saga's own"))]
struct Orders;

fn ship<'s>(order: Ref<'s, Order>) -> impl Call<'s> {
    Orders::update(order.id, |row| {
        row.status.set("shipped");
        row.carrier.set("post");
    })
}

fn main() {}
