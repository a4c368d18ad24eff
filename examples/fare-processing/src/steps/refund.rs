//! Refunding a fare.

use fare_payments::Provider;
use fare_payments::authorisation::{VoidAuthorisation, VoidError};
use fare_payments::payment::{self, RefundPayment};
use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AUTHORISATION, PAYMENT};

/// Gives back what was charged for a fare, and gives free what was reserved: nothing, if neither was.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = RefundError, app = Provider, timeout = "10s")]
pub struct RefundFare {
    /// Who paid.
    pub customer_id: String,
    /// The fare that was paid.
    pub fare_id: String,
    /// The charge, where it is known: a charge that timed out has left none behind.
    pub charge_id: Option<String>,
}

/// Why a fare was not refunded.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum RefundError {
    /// The payment was not given back.
    #[error(transparent)]
    #[saga(transparent)]
    Payment(#[from] payment::RefundError),
    /// The reservation was not given free.
    #[error(transparent)]
    #[saga(transparent)]
    Authorisation(#[from] VoidError),
}

impl Handler for RefundFare {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), RefundError> {
        let refund = RefundPayment {
            customer_id: self.customer_id.clone(),
            payment_id: self.charge_id,
        };
        refund.handle(provider, &cx.part(PAYMENT)).await?;
        let void = VoidAuthorisation {
            customer_id: self.customer_id,
        };
        void.handle(provider, &cx.part(AUTHORISATION)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use saga_dsl::error::ErrorKind as _;

    use super::*;

    async fn refund(customer_id: &str, charge_id: Option<&str>) -> Result<(), RefundError> {
        let step = RefundFare {
            customer_id: customer_id.into(),
            fare_id: "fare-1".into(),
            charge_id: charge_id.map(str::to_owned),
        };
        let cx = Context::for_test("ChargeFare");
        step.handle(&Provider::default(), &cx).await
    }

    #[tokio::test]
    async fn a_charge_is_refunded_with_and_without_its_id() {
        assert_eq!(refund("3", Some("ch_1")).await, Ok(()));
        assert_eq!(refund("3", None).await, Ok(()));
    }

    #[tokio::test]
    async fn each_refusal_has_its_name() {
        for (customer, name) in [
            ("1_fail_credit_fail_refund", "PaymentRefundException"),
            ("1_fail_credit_fail_void", "PaymentVoidException"),
        ] {
            let refused = refund(customer, None).await.unwrap_err();
            assert_eq!(refused.kind().names(), [name]);
        }
    }
}
