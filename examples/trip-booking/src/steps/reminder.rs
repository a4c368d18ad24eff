//! Reminding of the check-in.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::agency::Agency;

/// Reminds the customer that the check-in is open.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(app = Agency, timeout = "10s")]
pub struct SendReminder {
    /// Who is reminded.
    pub customer_id: String,
    /// Of what.
    pub ticket: String,
}

impl Handler for SendReminder {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<(), Never> {
        // A reminder that is refused is no reason to hold the saga up.
        let _ = agency.hold("reminder", &self.customer_id, &cx.idempotency_key());
        Ok(())
    }
}
