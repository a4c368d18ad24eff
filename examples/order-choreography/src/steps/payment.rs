//! The payment service.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::database::{Database, DatabaseError, number, text};
use crate::resources::Payments;

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
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for MakePayment {
    async fn handle(self, database: &Database, _: &Context) -> Result<(), PaymentError> {
        if self.card_token.starts_with(REFUSED) {
            return Err(PaymentError::CardRefused);
        }
        let item = [
            ("userName", text(&self.user_name)),
            ("orderId", text(&self.order_id)),
            ("amount", number(self.amount)),
        ];
        // The row of an earlier attempt is this one.
        database
            .put::<Payments>(item, "attribute_not_exists(orderId)", [])
            .await?;
        Ok(())
    }
}

/// Gives the money for an order back, if it was taken.
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
    async fn handle(self, database: &Database, _: &Context) -> Result<(), DatabaseError> {
        let key = [
            ("userName", text(&self.user_name)),
            ("orderId", text(&self.order_id)),
        ];
        database
            .delete::<Payments>(key, "attribute_exists(orderId)", [])
            .await?;
        Ok(())
    }
}
