//! Refunding a fare.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::provider::{Provider, Refusal};

/// Gives back what was charged for a fare: nothing, if it never was.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = RefundError, app = Provider, timeout = "10s")]
pub struct RefundFare {
    /// Who paid.
    pub customer_id: String,
    /// The fare that was paid.
    pub fare_id: String,
    /// How much.
    pub amount: String,
    /// The charge, where it is known: a charge that timed out has left none behind.
    pub charge_id: Option<String>,
}

/// Why a fare was not refunded.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum RefundError {
    /// The provider refuses.
    #[error("the refund was refused")]
    PaymentRefundException,
}

impl Handler for RefundFare {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), RefundError> {
        // Under the charge's own key, the provider finds it with or without its id.
        provider
            .refund(
                &cx.idempotency_key(),
                &self.customer_id,
                self.charge_id.as_deref(),
                &self.amount,
            )
            .map_err(|Refusal| RefundError::PaymentRefundException)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn refund(customer_id: &str, charge_id: Option<&str>) -> Result<(), RefundError> {
        let step = RefundFare {
            customer_id: customer_id.into(),
            fare_id: "fare-1".into(),
            amount: "$20.00".into(),
            charge_id: charge_id.map(str::to_owned),
        };
        step.handle(&Provider, &Context::for_test("ChargeFare"))
            .await
    }

    #[tokio::test]
    async fn a_charge_is_refunded_with_and_without_its_id() {
        assert_eq!(refund("3", Some("ch_1")).await, Ok(()));
        assert_eq!(refund("3", None).await, Ok(()));
    }

    #[tokio::test]
    async fn a_refusal_has_its_name() {
        let refused = refund("1_fail_credit_fail_refund", None).await;
        assert_eq!(refused, Err(RefundError::PaymentRefundException));
    }
}
