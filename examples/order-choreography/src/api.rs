//! The services' routes, an API each. [`crate::tokens`] says who may use which; what a route is asked about, it looks at again.

mod address;
mod order;
mod payment;
mod product;

use saga_dsl::api::{Answer, Caller, Refusal, Request};
use saga_dsl::prelude::*;
use saga_lambda::sagas::{Begun, Sagas, Status, Unreachable};
use serde_json::json;

use crate::cancellation::{Cancellation, OrderCancellation};
use crate::database::Database;
use crate::placement::OrderPlacement;
use crate::tokens::STAFF;

pub use order::OrderApi;
#[cfg(test)]
pub use order::order_id;
pub use payment::PaymentApi;
pub use product::ProductApi;

/// What the routes need.
pub struct Shop {
    database: Database,
    sagas: Sagas,
}

impl App for Shop {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self {
            database: Database::start().await?,
            sagas: Sagas::of_function(),
        })
    }
}

/// Whether the caller may act for a user.
fn acts_for(caller: &Caller, user: &str) -> Result<(), Refusal> {
    match caller.subject == user || is_staff(caller) {
        true => Ok(()),
        false => Err(Refusal::forbidden("this belongs to somebody else")),
    }
}

fn is_staff(caller: &Caller) -> bool {
    caller
        .context
        .get("scope")
        .is_some_and(|scope| scope == STAFF)
}

fn staff(request: &Request) -> Result<(), Refusal> {
    match is_staff(&request.caller) {
        true => Ok(()),
        false => Err(Refusal::forbidden("only staff may")),
    }
}

/// A parameter of the query that has to be there.
fn needed<'r>(request: &'r Request, name: &'static str) -> Result<&'r str, Refusal> {
    let value = request.query.get(name).filter(|value| !value.is_empty());
    value
        .map(String::as_str)
        .ok_or_else(|| Refusal::bad(name, format!("say which one, by `?{name}=…`")))
}

/// A text of a body that is not empty, and no longer than a key may be.
fn text(field: &'static str, value: &str) -> Result<(), Refusal> {
    match (1..=128).contains(&value.len()) {
        true => Ok(()),
        false => Err(Refusal::bad(field, "1 to 128 bytes")),
    }
}

impl Shop {
    /// Begins to take an order back, if it has been placed.
    async fn cancel(&self, order: Cancellation) -> Result<Answer, Refusal> {
        let id = order.order_id.clone();
        // How a saga ended does not change: nobody else has to be kept out meanwhile.
        let placed = self.sagas.status::<OrderPlacement>(&id).await;
        if let Some(Status::Running | Status::Parked) = placed.map_err(busy)? {
            let message = "the order is not placed yet: ask again when that has ended";
            return Err(Refusal::conflict(message));
        }
        let begun = self.sagas.begin::<OrderCancellation>(&id, &order).await;
        match begun.map_err(busy)? {
            Begun::Now | Begun::Before => {
                let at = address::of_order(&order.user_name, &id);
                Ok(Answer::accepted(at, &json!({ "orderId": id })))
            }
            Begun::Another => Err(Refusal::conflict(
                "another order of this name was cancelled",
            )),
        }
    }
}

fn busy(_: Unreachable) -> Refusal {
    Refusal::unavailable("the sagas do not answer: try again")
}
