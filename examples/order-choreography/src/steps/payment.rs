//! The payment service.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::database::{Database, DatabaseError};
use crate::resources::{Payment, Payments};

/// The beginning of a card's token that the provider refuses, for whoever tries the example out.
const REFUSED: &str = "refused";

/// Takes the money for an order.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    error = PaymentError, compensation = CancelPayment, app = Database, uses(Payments(put)),
    timeout = "15s"
)]
pub struct MakePayment {
    /// Who pays.
    pub user_name: String,
    /// For which order.
    pub order_id: String,
    /// The order's date.
    pub order_date: String,
    /// The provider's token for the card.
    pub card_token: String,
    /// How much, in cents.
    pub amount: u32,
}

/// Why no money was taken.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum PaymentError {
    /// The provider says no.
    #[error("the card was refused")]
    CardRefused,
    /// Somebody has noted a payment for this order.
    #[error("the order is paid")]
    PaidBefore,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for MakePayment {
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), PaymentError> {
        if self.card_token.starts_with(REFUSED) {
            return Err(PaymentError::CardRefused);
        }
        let payment = Payment {
            user_name: self.user_name,
            order_id: self.order_id,
            order_date: self.order_date,
            amount: self.amount,
            made_by: cx.saga_id.clone(),
        };
        // The row of an earlier attempt is this one.
        let condition = "attribute_not_exists(orderId) OR madeBy = :me";
        let mine = [("me", cx.saga_id.clone().into())];
        match database.put::<Payments>(&payment, condition, &mine).await? {
            true => Ok(()),
            false => Err(PaymentError::PaidBefore),
        }
    }
}

/// Gives money back that this saga took, if it did.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = DatabaseError, app = Database, uses(Payments(delete)), timeout = "15s")]
pub struct CancelPayment {
    /// Who paid.
    pub user_name: String,
    /// For which order.
    pub order_id: String,
}

impl Handler for CancelPayment {
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), DatabaseError> {
        let key = key(self.user_name, self.order_id);
        let mine = [("me", cx.saga_id.clone().into())];
        database
            .delete::<Payments>(&key, "madeBy = :me", &mine)
            .await?;
        Ok(())
    }
}

/// Gives the money of an order back that is cancelled, whoever took it.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = DatabaseError, app = Database, uses(Payments(delete)), timeout = "15s")]
pub struct RefundPayment {
    /// Who paid.
    pub user_name: String,
    /// For which order.
    pub order_id: String,
}

impl Handler for RefundPayment {
    async fn handle(self, database: &Database, _: &Context) -> Result<(), DatabaseError> {
        let key = key(self.user_name, self.order_id);
        database
            .delete::<Payments>(&key, "attribute_exists(orderId)", &[])
            .await?;
        Ok(())
    }
}

fn key(user_name: String, order_id: String) -> [(&'static str, Value); 2] {
    [("userName", user_name.into()), ("orderId", order_id.into())]
}
