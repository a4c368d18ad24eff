//! Issuing tickets.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::agency::{Agency, Refusal};

/// Issues the tickets of a trip, and gives their number.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = String, error = TicketError, app = Agency, timeout = "30s")]
pub struct IssueTickets {
    /// Who pays.
    pub customer_id: String,
    /// The flight's reservation.
    pub flight_id: String,
    /// The payment.
    pub payment_id: String,
}

/// Why no tickets were issued.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum TicketError {
    /// The airline refuses.
    #[error("the airline issues no tickets")]
    TicketsRefused,
}

impl Handler for IssueTickets {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, TicketError> {
        agency
            .hold("ticket", &self.customer_id, &cx.idempotency_key())
            .map_err(|Refusal| TicketError::TicketsRefused)
    }
}
