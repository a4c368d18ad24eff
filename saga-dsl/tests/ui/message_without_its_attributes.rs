//! A subscription may choose by them.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Order {
    id: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct OrderAttributes {
    country: String,
}

#[derive(SagaTopic)]
#[topic(message = Order, attributes = OrderAttributes)]
struct OrderNews;

fn tell<'s>(order: Ref<'s, Order>) -> impl Call<'s> {
    OrderNews::publish(order)
}

fn main() {}
